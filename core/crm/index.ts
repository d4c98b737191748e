export * from './board';
export * from './calendar';
export * from './campaigns';
export * from './connect';
export * from './connectors';
export * from './imports';
// Where two parts use one word.
export { assignLead } from './board';
export { assignLead as assignByRules } from './campaigns';
export { type Connected } from './connect';
export { listIntegrations, type Connected as ConnectedCrm } from './connectors';
export { listIntegrations as listMarketingIntegrations } from './imports';
export * from './voice';
