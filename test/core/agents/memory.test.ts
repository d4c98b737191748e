import { estimateTokens, renderPrompt, replyToTurn, type HistoryEntry } from '../../../core/agents';
import { agency, NOON, scriptedModel, turn } from './support';

const history = (count: number, length: number): HistoryEntry[] =>
	Array.from({ length: count }, (_, n) => ({
		role: n % 2 === 0 ? ('contact' as const) : ('agent' as const),
		text: `${n}:`.padEnd(length, 'x'),
		at: NOON.toISOString(),
	}));
const toolCalls = Array.from({ length: 20 }, (_, n) => ({
	...{ turnId: n, plugin: 'crm', tool: 'create_deal', arguments: { notes: 'y'.repeat(500) }, status: 'ok' as const },
	...{ result: { dealId: 'z'.repeat(900) }, errorCode: null, at: NOON.toISOString() },
}));
const SUMMARY = 'Quer o plano Completo; tem uma loja em Recife.';

/** What the model is shown before the burst that it answers. */
async function remembered(contextTokens: number | undefined, entries: HistoryEntry[]) {
	const bundle = agency({ limits: { contextTokens }, plugins: { crm: { enabled: true } } });
	const { port, requests } = scriptedModel({ messages: ['Oi!'], tool: null, arguments_json: null });
	const context = turn('e agora?', { history: entries, toolCalls });
	context.conversation.summary = SUMMARY;
	const tools = { done: [], mayCall: () => true, call: async () => await Promise.reject(new Error('not called')) };
	await replyToTurn({ bundle, prompt: renderPrompt(bundle), context, llm: port, now: NOON, tools });
	const text = requests[0].messages.map(({ content }) => content).join('\n');
	return text.slice(0, text.lastIndexOf('e agora?'));
}

// Eight tool calls take some 2,000 tokens by themselves.
test.each([3_000, 5_000, 20_000])(
	'with a budget of %s tokens summary, tools and messages never exceed it',
	async (budget) => {
		for (const [count, length] of [
			[40, 60],
			[40, 900],
			[5, 4_000],
			[0, 1],
		]) {
			const text = await remembered(budget, history(count, length));
			expect(estimateTokens(text)).toBeLessThanOrEqual(budget);
			expect(text).toContain(SUMMARY);
		}
	},
);

test('what falls out is the oldest; the newest and the summary stay', async () => {
	const text = await remembered(3_000, history(40, 900));
	expect(text).toContain('39:');
	expect(text).not.toContain('0:xxx');
	expect(text).toContain(SUMMARY);
});

test('without a budget of its own an agent remembers 12,000 characters of messages, as ever', async () => {
	const text = await remembered(undefined, history(40, 1_000));
	expect(text.match(/\d+:x/g)).toHaveLength(12);
});

test('a summary that many messages came after is told as old, a fresh one as it stands', async () => {
	const shown = async (messagesSinceSummary: number | null) => {
		const { port, requests } = scriptedModel({ messages: ['Oi!'] });
		const context = turn('e agora?');
		Object.assign(context.conversation, { summary: SUMMARY, messagesSinceSummary });
		const bundle = agency();
		await replyToTurn({ bundle, prompt: renderPrompt(bundle), context, llm: port, now: NOON });
		return requests[0].messages[0].content;
	};
	expect(await shown(14)).toContain(`(escrito há 14 mensagens; vale mais o que foi dito depois): ${SUMMARY}`);
	for (const since of [null, 0, 5]) expect(await shown(since)).toContain(`resumo da conversa anterior: ${SUMMARY}`);
});
