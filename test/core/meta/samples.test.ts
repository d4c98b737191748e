import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { normaliseBody, parseBody } from '../../../core/meta';

/** Meta's documented samples, when the folder stands beside the repository. */
const SAMPLES = join(__dirname, '../../../../shared/meta-samples');
const files = existsSync(SAMPLES) ? readdirSync(SAMPLES).filter((file) => file.endsWith('.json')) : [];

const eventsOf = (file: string) => {
	const parsed = parseBody(readFileSync(join(SAMPLES, file)));
	if (!parsed.ok) throw new Error(`${file}: ${parsed.reason}`);
	return normaliseBody(parsed.body);
};

if (files.length === 0) {
	test.skip('no folder ../shared/meta-samples beside the repository', () => undefined);
} else {
	test.each(files)('%s is understood', (file) => {
		const events = eventsOf(file);
		expect(events.length).toBeGreaterThan(0);
		expect(events.map((event) => event.kind)).not.toContain('unknown');
	});
}
