export { MIN_EVENT_KEY_DAYS, RETENTION, RUN_SECONDS, STEP_ROWS } from './defaults';
export { runMaintenance, type MaintenanceReport } from './maintenance';
export { endRetention, type MaintenanceOptions, type Retention, type TaskResult } from './run';
