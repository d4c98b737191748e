import { copyFileSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const SHIPPED = path.join(__dirname, '..', '..', 'migrations');

/** A folder below `root` with the shipped migrations and one more behind them. */
export function folderWith(root: string, purpose: string, sql: string): { folder: string; name: string } {
	const folder = mkdtempSync(path.join(root, 'migrations-'));
	const shipped = readdirSync(SHIPPED).filter((file) => file.endsWith('.sql'));
	for (const file of shipped) copyFileSync(path.join(SHIPPED, file), path.join(folder, file));
	const name = `${String(shipped.length + 1).padStart(4, '0')}_${purpose}.sql`;
	writeFileSync(path.join(folder, name), sql);
	return { folder, name };
}
