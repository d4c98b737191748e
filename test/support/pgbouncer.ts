import { isInstalled } from './pgbouncer-process';

export { startPgbouncer, type Pooler } from './pgbouncer-process';

export const poolerAvailable = (): boolean => isInstalled() || process.env.CI === 'true';

/** Tests that need pgbouncer: skipped by name where it is not installed, except in CI, where they then fail. */
export const testWithPooler: typeof test = poolerAvailable() ? test : test.skip;
