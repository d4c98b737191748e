export { offlineGate } from './offline-gate';
export { splitOf, type Split } from './split';
export type { GateInput, GatePair, GateReason, GateResult, GateRow } from './types';
export { MIN_DISCORDANT, MIN_LABELLED } from './defaults';
