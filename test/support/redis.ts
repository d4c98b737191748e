import { isRedisInstalled } from '../../sandbox/redis';

/** Tests that need redis-server: skipped by name where it is not installed, except in CI, where they then fail. */
export const testWithRedis: typeof test = isRedisInstalled() || process.env.CI === 'true' ? test : test.skip;
export const redisAvailable = (): boolean => isRedisInstalled() || process.env.CI === 'true';
