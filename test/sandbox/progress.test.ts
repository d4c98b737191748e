import { lineProgress } from '../../sandbox/progress';

describe('progress', () => {
	afterEach(() => jest.useRealTimers());

	it('names each step, its latest detail and how long it took', async () => {
		const lines: string[] = [];
		let now = 0;
		const progress = lineProgress(
			(line) => lines.push(line),
			() => now,
		);
		const result = await progress.step('Seeding', async (detail) => {
			detail('2 tenants');
			now = 1_500;
			return 42;
		});
		expect(result).toBe(42);
		expect(lines).toEqual(['• Seeding ...', '  done in 1.5 s (2 tenants)']);
	});

	it('speaks every five seconds while a step lasts', async () => {
		jest.useFakeTimers();
		const lines: string[] = [];
		let finish = () => {};
		const step = lineProgress((line) => lines.push(line)).step('Installing', (detail) => {
			detail('1 of 2 packages');
			return new Promise<void>((resolve) => (finish = resolve));
		});
		jest.advanceTimersByTime(10_000);
		finish();
		await step;
		expect(lines.filter((line) => /(5|10)\.0 s: 1 of 2 packages/.test(line))).toHaveLength(2);
	});

	it('says that a step failed and passes the error on', async () => {
		const lines: string[] = [];
		const step = lineProgress((line) => lines.push(line)).step('Starting', () => Promise.reject(new Error('no')));
		await expect(step).rejects.toThrow('no');
		expect(lines.at(-1)).toMatch(/failed after/);
	});
});
