export { itemDatabase, openNodeDatabase, POSTGRES_CREDENTIAL } from './database';
export { routeEachItem, runForEachItem, toNodeError, type RoutedItem } from './errors';
export { fromItem, limitField, locatorField, optionsField, tenantField } from './descriptions';
export { leasedTurn, turnField } from './leases';
export { runOperation, showFor, type Operation, type OperationCall } from './operations';
export { actorOf, itemJson, jsonParameter, locatorId, secretList, tenantId } from './parameters';
export { listSearch } from './list-search';
export { WORKER_ID } from './worker-id';
