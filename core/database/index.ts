export * from './pool';
export * from './migrate';
export { readMigrations, type Migration } from './migrations';
export { toDatabaseError } from './sql-errors';
export { DEFAULT_SCHEMA, MIN_N8N_VERSION } from './defaults';
