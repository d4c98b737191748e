/** `npm run test:faults` runs every round; `npm test` a short form of the same tests. */
export const rounds = (full: number, short: number): number => (process.env.FAULTS === 'full' ? full : short);
