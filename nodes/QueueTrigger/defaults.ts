import type { WorkKind } from '../../core/conversations';

/** Executions at once: a model thinks for seconds, and n8n runs other workflows too. */
export const EXECUTIONS_AT_ONCE = 5;
/** Lanes one execution claims at most. Turns share an execution only when all places are taken; sends always do. */
export const LANES_PER_EXECUTION: Record<WorkKind, number> = { turns: 20, outbox: 25 };
/** Seconds between looks when nothing wakes the trigger, and the least of them. */
export const POLL_SECONDS = 1;
export const POLL_SECONDS_MIN = 0.2;
/** Milliseconds after which an execution that never reports back frees its place: longer than any turn, so only a lost one does. */
export const EXECUTION_TIMEOUT_MS = 600_000;
/** Milliseconds before the next start after a failed execution: doubled with each failure in a row. Its work is still due, and would start it again at once. */
export const FAILURE_PAUSE_MS = 1_000;
export const FAILURE_PAUSE_MAX_MS = 15_000;
/** Milliseconds that a test run waits for due work before it goes on with none. */
export const MANUAL_WAIT_MS = 2_000;
