export { itemDatabase, openNodeDatabase, POSTGRES_CREDENTIAL } from './database';
export { routeEachItem, runForEachItem, toNodeError, type RoutedItem } from './errors';
export { fromItem, limitField, locatorField, optionsField, tenantField } from './descriptions';
export { runOperation, showFor, type Operation, type OperationCall } from './operations';
export { itemJson, jsonParameter, lines, locatorId, tenantId } from './parameters';
export { listSearch } from './list-search';
