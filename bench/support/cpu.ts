import { readFileSync } from 'node:fs';

/** Clock ticks a second in /proc: 100 on every Linux that Node runs on. */
const TICKS = 100;

/** Milliseconds of processor time that a process has used; NaN where the system does not tell. */
export function cpuMs(pid: number): number {
	try {
		const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
			.replace(/^.*\) /s, '')
			.split(' ');
		return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS;
	} catch {
		return Number.NaN;
	}
}

/** Processor time of a process while something runs, in all and by unit of what was done. */
export async function withCpu<T extends Record<string, number>>(
	pid: number,
	unitsOf: (result: T) => number,
	work: () => Promise<T>,
): Promise<T & { cpuMs: number }> {
	const before = cpuMs(pid);
	const result = await work();
	return { ...result, cpuMs: (cpuMs(pid) - before) / unitsOf(result) };
}
