import { escalateHandoffs } from '../../../core/handoff';
import { limitField, limitOf, showFor, type Operation } from '../../shared';

export const description: Operation['description'] = showFor({ operation: ['escalateOverdue'] }, [
	limitField({ default: 200, description: 'Max number of hand-overs to tell the next level of, of all tenants' }),
]);

export const execute: Operation['execute'] = async (call) =>
	await escalateHandoffs(call.database, { limit: limitOf(call) });
