import { createHash } from 'node:crypto';
import { PROPOSE_SHARE, VAULT_MS, VAULT_SHARE } from './defaults';

/** `vault` is for people alone; a proposer never sees what judges it. */
export type Split = 'propose' | 'gate' | 'vault';

const draw = (salt: string, tenantId: string, leadKey: string): number =>
	createHash('sha256').update(`${salt}|${tenantId}|${leadKey}`).digest().readUInt32BE(0) / 2 ** 32;

/** A person's leads stand on one side for ever, but for the newest quarter's vault, which they leave when they get older. */
export function splitOf(tenantId: string, leadKey: string, at: Date, now: Date): Split {
	if (now.getTime() - at.getTime() < VAULT_MS && draw('vault', tenantId, leadKey) < VAULT_SHARE) return 'vault';
	return draw('split', tenantId, leadKey) < PROPOSE_SHARE ? 'propose' : 'gate';
}
