import { startGraphStandIn, type GraphStandIn, type SentMessage } from '../../sandbox/standins/graph';

let graph: GraphStandIn;

beforeEach(async () => {
	graph = await startGraphStandIn();
});
afterEach(async () => await graph.close());

const send = async (signal?: AbortSignal): Promise<Response> =>
	await fetch(`${graph.url}/v25.0/106540352242922/messages`, {
		method: 'POST',
		headers: { authorization: 'Bearer t' },
		body: JSON.stringify({ messaging_product: 'whatsapp', to: '+5511900000001', type: 'text', text: { body: 'oi' } }),
		signal,
	});
const behave = async (behaviour: Record<string, unknown>): Promise<Response> =>
	await fetch(`${graph.url}/_sandbox/behaviour`, { method: 'POST', body: JSON.stringify(behaviour) });
const sent = async (): Promise<SentMessage[]> =>
	(await (await fetch(`${graph.url}/_sandbox/sent`)).json()) as SentMessage[];

test('dropRequest cuts the connection and takes nothing', async () => {
	await behave({ dropRequest: true });
	await expect(send()).rejects.toThrow('fetch failed');
	expect(await sent()).toEqual([expect.objectContaining({ accepted: false, id: null, errorCode: null })]);
});

test('takenAnyway answers the error and keeps the message', async () => {
	await behave({ httpStatus: 500, takenAnyway: true });
	expect((await send()).status).toBe(500);
	expect(await sent()).toEqual([expect.objectContaining({ accepted: true, id: expect.stringMatching(/^wamid\./) })]);
});

test.each([
	[{ rawAnswer: '{"messages": [{"id"' }, 200, true],
	[{ rawAnswer: '<html>Bad Gateway</html>', httpStatus: 502 }, 502, false],
])('%j answers as it stands', async (behaviour, status, accepted) => {
	await behave(behaviour);
	const answer = await send();
	expect([answer.status, await answer.text()]).toEqual([status, behaviour.rawAnswer]);
	expect((await sent())[0]).toMatchObject({ accepted });
});

test('dripMs lets the answer come byte by byte, and a caller who has enough of it may leave', async () => {
	await behave({ dripMs: 50 });
	expect(((await (await send()).json()) as { messages: unknown[] }).messages).toHaveLength(1);
	await behave({ dripMs: 600_000 });
	const answer = await send(AbortSignal.timeout(500));
	expect(answer.status).toBe(200);
	await expect(answer.text()).rejects.toThrow();
	expect((await sent()).every(({ accepted }) => accepted)).toBe(true);
});
