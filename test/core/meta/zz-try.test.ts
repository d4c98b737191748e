import { readFileSync, readdirSync } from 'node:fs';
import { normaliseBody, parseBody } from '../../../core/meta';
test('x', () => {
	const dir = '/work/shared/meta-samples/';
	let out = '';
	for (const f of readdirSync(dir).filter((f) => f.endsWith('.json')).sort()) {
		const p = parseBody(readFileSync(dir + f));
		if (!p.ok) { out += f + ' NOT OK\n'; continue; }
		for (const e of normaliseBody(p.body)) out += [f, e.kind, e.providerStatus, e.wantsTurn, e.ignoredReason, e.occurredAt, e.accountId, JSON.stringify(e.contact && Object.fromEntries(Object.entries(e.contact).filter((x) => x[1]))), e.message?.type, e.message?.text.slice(0, 60)].join(' | ') + '\n';
	}
	require('node:fs').writeFileSync('/tmp/out.txt', out);
});
