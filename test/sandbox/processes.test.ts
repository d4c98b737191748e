import { spawn } from 'node:child_process';
import { isAlive } from '../../sandbox/cache';
import { environmentForNpm } from '../../sandbox/npm';
import { hasEnded, runToEnd, stopProcess } from '../../sandbox/processes';
import { waitFor } from '../support/wait-for';

const node = (script: string): [string, string[]] => [process.execPath, ['-e', script]];

describe('running programs', () => {
	it('answers what a program printed, and hands over each line', async () => {
		const lines: string[] = [];
		const output = await runToEnd(...node(`console.log('one'); console.error('two')`), {
			onLine: (line) => lines.push(line),
		});
		expect(output).toContain('one');
		expect(lines.sort()).toEqual(['one', 'two']);
	});

	it('shows the last lines of a program that fails', async () => {
		await expect(runToEnd(...node(`console.error('the reason'); process.exit(3)`))).rejects.toThrow(
			/code 3[^]*the reason/,
		);
	});

	it('ends a program, its children too, when told to', async () => {
		const stop = new AbortController();
		let grandchild = 0;
		const script = `const c = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']); console.log(c.pid); setInterval(() => {}, 1000)`;
		const running = runToEnd(...node(script), {
			signal: stop.signal,
			onLine(line) {
				grandchild = Number(line);
				stop.abort();
			},
		});
		await expect(running).rejects.toThrow(/SIGKILL/);
		await waitFor(() => !isAlive(grandchild), { what: 'the end of the grandchild' });
	});

	it('kills a process that does not end when asked', async () => {
		const child = spawn(...node(`process.on('SIGTERM', () => {}); console.log('ready'); setInterval(() => {}, 1000)`), {
			detached: true,
		});
		await new Promise((resolve) => child.stdout.once('data', resolve));
		await stopProcess(child, { timeoutMs: 100 });
		expect(hasEnded(child)).toBe(true);
		expect(child.signalCode).toBe('SIGKILL');
	});

	it('keeps npm in another folder from taking our package for its own', () => {
		const environment = { npm_package_name: 'ours', npm_config_registry: 'kept', INIT_CWD: '/ours', NODE_ENV: 'test' };
		expect(environmentForNpm(environment)).toEqual({ npm_config_registry: 'kept' });
	});
});
