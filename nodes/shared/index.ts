export { itemDatabase, openNodeDatabase, POSTGRES_CREDENTIAL } from './database';
export { keptCredential, type CredentialContext } from './kept-credential';
export { routeEachItem, runForEachItem, toNodeError, type RoutedItem } from './errors';
export {
	fromItem,
	inWords,
	leadField,
	limitField,
	locatorField,
	memberField,
	optionsField,
	placeNotice,
	tenantField,
} from './descriptions';
export { leasedTurn, turnField } from './leases';
export { runOperation, showFor, type Operation, type OperationCall } from './operations';
export { actorOf } from './actor';
export { asText, itemJson, itemParameter, jsonParameter, locatorId, secretList, tenantId } from './parameters';
export { listSearch, tenantList } from './list-search';
export { WORKER_ID } from './worker-id';
export { TURNS_AT_ONCE } from './defaults';
export { connectedName, INPUTS_WITH_MODEL, modelSourceFields } from './connected-model';
export { hasOpenAi, MODEL_CREDENTIALS, modelPort, transcriptionPort } from './model-port';
export { nodeVault, VAULT_CREDENTIAL } from './vault';
export { languageFieldFor, languageOf, pageLinkPorts } from './pages';
export { limitOf, refuse, requiredText } from './text';
export { toItems } from './rows';
export { SUGGESTION_STATES } from './suggestion-states';
export { graphSettings, type MetaAppCredential } from './meta-app';
export { metaAppTest } from './meta-app-test';
export { vaultTest } from './vault-test';
