import { listUnroutedEvents } from '../../../../core/ingest';
import { limitField, showFor, type Operation } from '../../../shared';
import { toItems } from '../../../shared/rows';
import { limitOf } from '../../../shared/text';

export const description: Operation['description'] = showFor({ resource: ['event'], operation: ['getUnrouted'] }, [
	limitField(),
]);

export const execute: Operation['execute'] = async (call) =>
	toItems(await listUnroutedEvents(call.database, limitOf(call)));
