import type { Database } from '../database';
import { HEARTBEAT_SHARE, LEASE_SECONDS } from './defaults';
import { renewLease, type TurnLease } from './turns';

/** Renews the lease of a turn until it is stopped. */
export function startHeartbeat(database: Database, turn: TurnLease, leaseSeconds = LEASE_SECONDS): { stop(): void } {
	// A failed renewal is not an error here: if the lease is lost, settling says so.
	const timer = setInterval(
		() => void renewLease(database, turn, leaseSeconds).catch(() => undefined),
		leaseSeconds * HEARTBEAT_SHARE * 1000,
	);
	return { stop: () => clearInterval(timer) };
}

export interface HeldLeases {
	hold(database: Database, turn: TurnLease): void;
	release(): void;
}

/** Keeps the leases of turns that are decided and wait for the others of their execution. */
export function holdLeases(): HeldLeases {
	const heartbeats: Array<{ stop(): void }> = [];
	return {
		hold: (database, turn) => void heartbeats.push(startHeartbeat(database, turn)),
		release: () => heartbeats.splice(0).forEach((heartbeat) => heartbeat.stop()),
	};
}
