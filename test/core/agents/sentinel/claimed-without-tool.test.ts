import { runSentinel, type PastToolCall, type TurnContext } from '../../../../core/agents';
import type { ToolStep } from '../../../../core/plugins';
import { agency, NOON, turn } from '../support';

const withTools = agency({
	plugins: { google_calendar: { enabled: true }, voice: { enabled: true }, crm: { enabled: true } },
});
const step = (tool: string, changes: Partial<ToolStep> = {}): ToolStep => ({
	...{ tool, arguments: {}, status: 'ok' as const, result: {}, error: null },
	...changes,
});
const failed = { status: 'failed', error: { code: 'SLOT_TAKEN', message: 'taken' } } as const;
const past = (plugin: string, tool: string, status: PastToolCall['status'] = 'ok'): PastToolCall => ({
	...{ turnId: 1, plugin, tool, arguments: {}, status, result: {}, errorCode: null, at: NOON.toISOString() },
});
const earlier = (...toolCalls: PastToolCall[]): TurnContext => ({ ...turn('e aí?'), toolCalls });

async function word(
	check: 'claimed_without_tool' | 'unlisted_price',
	text: string,
	steps: ToolStep[] = [],
	{ context = turn('oi'), bundle = withTools } = {},
) {
	const input = { text, context, now: NOON, tools: { offered: bundle.tools ?? [], steps } };
	const { verdicts } = await runSentinel('output', bundle.policy, input);
	return verdicts.find((verdict) => verdict.check === check)!;
}

describe('claimed_without_tool', () => {
	const BOOKED = 'Pronto, está marcado para amanhã às 14h!';
	const claimed = async (...given: Parameters<typeof word> extends [unknown, ...infer Rest] ? Rest : never) =>
		(await word('claimed_without_tool', ...given)).fired;

	test('holds back what no tool did, and says of what kind', async () => {
		expect(await word('claimed_without_tool', BOOKED, [step('google_calendar.check_availability')])).toMatchObject({
			...{ fired: true, action: 'block', broken: false },
			details: { claims: ['booked', 'moved'], tools: ['google_calendar.check_availability: ok'] },
		});
		expect(await claimed('Cancelei sua consulta.')).toBe(true);
		expect(await claimed('Someone from our team will call you.')).toBe(true);
		expect(await claimed("I've created a deal for you.")).toBe(true);
	});
	test.each([
		['google_calendar.book_slot', BOOKED],
		['google_calendar.reschedule_booking', 'Remarquei seu horário para as 15h.'],
		['google_calendar.cancel_booking', 'Seu agendamento foi cancelado.'],
		['crm.create_deal', 'Registrei seu interesse.'],
		['voice.request_call', 'Uma pessoa da equipe vai ligar para você.'],
		['voice.request_call', 'Agendei sua ligação.'],
		['google_calendar.book_slot', 'Agendei sua chamada de vídeo.'],
	])('lets it pass once %s did it', async (tool, text) => {
		expect(await claimed(text)).toBe(true);
		expect(await claimed(text, [step(tool)])).toBe(false);
	});
	test('a call that failed, or of which nobody knows, did nothing', async () => {
		for (const status of ['failed', 'refused', 'unknown'] as const)
			expect(await claimed(BOOKED, [step('google_calendar.book_slot', { status })])).toBe(true);
		expect(await claimed(BOOKED, [step('google_calendar.book_slot', failed), step('google_calendar.book_slot')])).toBe(
			false,
		);
	});
	test('one tool does not vouch for another', async () =>
		expect(await claimed('Cancelei sua consulta.', [step('google_calendar.book_slot')])).toBe(true));
	test('what was booked before may be spoken of, but not where booking failed just now', async () => {
		const context = earlier(past('google_calendar', 'book_slot'));
		expect(await claimed(BOOKED, [], { context })).toBe(false);
		expect(await claimed(BOOKED, [step('google_calendar.book_slot', failed)], { context })).toBe(true);
		const open = earlier(past('google_calendar', 'book_slot', 'unknown'));
		expect(await claimed(BOOKED, [], { context: open })).toBe(true);
	});
	test('what a person of the team said stands; what the customer says does not', async () => {
		const said = (role: 'human' | 'contact'): TurnContext => ({
			...turn('confirma?'),
			history: [{ role, text: 'Marquei para amanhã às 14h', at: NOON.toISOString() }],
		});
		expect(await claimed(BOOKED, [], { context: said('human') })).toBe(false);
		expect(await claimed(BOOKED, [], { context: said('contact') })).toBe(true);
	});
	test('an agent without such a tool is not asked: a person may have done it', async () => {
		expect(await claimed(BOOKED, [], { bundle: agency() })).toBe(false);
		expect(await claimed(BOOKED, [], { bundle: agency({ plugins: { voice: { enabled: true } } }) })).toBe(false);
	});
});

describe('unlisted_price with tools', () => {
	const fired = async (text: string, ...steps: ToolStep[]) => (await word('unlisted_price', text, steps)).fired;
	const told = (result: unknown, given: Record<string, unknown> = {}) =>
		step('estoque.consultar', { result, arguments: given });

	test.each([
		['a number', { price: 349.9 }],
		['a number in text', { preco: '349,90' }],
		['a price in a sentence', { texto: 'Tênis: R$ 349,90 à vista' }],
		['a price in a list', { items: [{ name: 'Tênis', valor: 349.9 }] }],
	])('a price that a tool told in this turn may be said: %s', async (_, result) => {
		expect(await fired('O tênis custa R$ 349,90.')).toBe(true);
		expect(await fired('O tênis custa R$ 349,90.', told(result))).toBe(false);
		expect(await fired('O tênis custa R$ 249,90.', told(result))).toBe(true);
	});
	test('a discount that a tool told may be said, another not', async () => {
		expect(await fired('Tem 15% de desconto.', told({ desconto: 15 }))).toBe(false);
		expect(await fired('Tem 20% de desconto.', told({ desconto: 15 }))).toBe(true);
	});
	test('what is no price, a failure, or only the call’s own words vouches for nothing', async () => {
		expect(await fired('Custa R$ 30.', told({ durationMinutes: 30, start: '2026-11-30T10:00:00Z' }))).toBe(true);
		expect(await fired('Custa R$ 10.', step('crm.create_deal', { ...failed, result: { value: 10 } }))).toBe(true);
		expect(await fired('Custa R$ 10.', told({ value: 10, dealId: 'd' }, { value: 10 }))).toBe(true);
		expect(await fired('Custa R$ 10.', told({ notes: 'fecha por R$ 10' }, { notes: 'fecha por R$ 10' }))).toBe(true);
	});
});
