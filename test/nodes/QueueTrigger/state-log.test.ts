import { FactoryError } from '../../../core/errors';
import { stateLog } from '../../../nodes/QueueTrigger/state-log';

function logger() {
	const lines: string[] = [];
	const write = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
	return { lines, log: stateLog({ info: write('info'), warn: write('warn'), error: write('error') }, 'Queue Trigger') };
}
const away = new FactoryError('DATABASE_AWAY', 'The database does not answer.', { retryable: true });

test('a database that stays away is one line, and its return another', () => {
	const { lines, log } = logger();
	for (let i = 0; i < 100; i++) log.failing(away);
	log.working();
	log.working();
	log.failing(away);
	expect(lines).toEqual([
		expect.stringMatching(/^error .*does not answer/),
		expect.stringMatching(/^info .*answers again/),
		expect.stringMatching(/^error/),
	]);
});

test('lost notifications are said once, and the first connection not at all', () => {
	const { lines, log } = logger();
	log.listening(true);
	log.listening(false, 'connection ended');
	log.listening(false, 'connection ended');
	log.listening(true);
	expect(lines).toEqual([
		expect.stringMatching(/^warn .*connection ended.*polling goes on/),
		expect.stringMatching(/^info .*again/),
	]);
});
