export * from './pool';
export * from './migrate';
export { readMigrations, type Migration } from './migrations';
export { listenForWork, wakeWorkers, workChannel } from './notify';
export { toDatabaseError } from './sql-errors';
export { DEFAULT_SCHEMA, MIN_N8N_VERSION } from './defaults';
export { checkSchema, ensureSchema } from './ensure-schema';
export { runDoctor, type DoctorInput, type Finding } from './doctor';
export { compareCatalogs, readCatalog, shippedCatalog, type Drift } from './catalog';
