export { ingest, refusalCounts, type IngestInput, type IngestResult } from './ingest';
export { storeEvents, type StoredEvent, type StoreEvents } from './store';
export { createIngestBatcher, type BatcherOptions, type Flush, type IngestBatcher } from './batch';
export { listUnroutedEvents, type UnroutedEvent } from './events';
