import { createCleanup } from '../../sandbox/cleanup';

describe('cleaning up', () => {
	it('undoes in reverse order, goes on after a failure and names it', async () => {
		const order: string[] = [];
		const cleanup = createCleanup();
		cleanup.add('database', () => void order.push('database'));
		cleanup.add('n8n', () => Promise.reject(new Error('gone')));
		cleanup.add('phone', async () => void order.push('phone'));
		expect(await cleanup.run()).toEqual(['n8n: gone']);
		expect(order).toEqual(['phone', 'database']);
	});

	it('happens once, however often it is asked for', async () => {
		let times = 0;
		const cleanup = createCleanup();
		cleanup.add('it', () => void times++);
		await Promise.all([cleanup.run(), cleanup.run()]);
		await cleanup.run();
		expect(times).toBe(1);
	});
});
