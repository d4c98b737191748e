import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { FactoryError } from '../core/errors';

export const packName = 'n8n-nodes-agent-factory';

/** The checkout, from the sources (jest) as from dist (npm start). */
export function checkoutFolder(): string {
	for (let at = __dirname; at !== dirname(at); at = dirname(at)) {
		const manifest = join(at, 'package.json');
		if (existsSync(manifest) && nameIn(manifest) === packName) return at;
	}
	throw new FactoryError(
		'SANDBOX_NO_CHECKOUT',
		`The sandbox runs from a checkout of ${packName} only. Run: npm start   in its folder`,
	);
}

const nameIn = (manifest: string): string | undefined =>
	(JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }).name;

/** Outside the checkout, so that a fresh clone finds what an earlier one installed. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
	return join(environment.XDG_CACHE_HOME?.trim() || join(homedir(), '.cache'), packName);
}
