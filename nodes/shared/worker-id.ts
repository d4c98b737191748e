import { randomBytes } from 'node:crypto';

/** Who holds a lease: one name a process, made once. It says nothing about the machine. */
export const WORKER_ID = `${process.pid}-${randomBytes(4).toString('hex')}`;
