import { returnQuietHandoffs } from '../../../core/handoff';
import { limitField, limitOf, showFor, type Operation } from '../../shared';

export const description: Operation['description'] = showFor({ operation: ['returnQuietOnes'] }, [
	limitField({ default: 200, description: 'Max number of conversations to give back, of all tenants' }),
]);

export const execute: Operation['execute'] = async (call) =>
	await returnQuietHandoffs(call.database, { limit: limitOf(call) });
