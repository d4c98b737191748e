export { ingest, refusalCounts, storeEvents, type IngestInput, type IngestResult, type StoredEvent } from './ingest';
export { listUnroutedEvents, type UnroutedEvent } from './events';
