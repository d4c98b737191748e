export { RUN_DEFAULTS } from './defaults';
export { importLeads, listInstagramLeads, type ImportedRow } from './import';
export { runStatus, sendNextBatch, sendOpenRuns, startRun, stopRun, type NewRun, type RunReport } from './runs';
