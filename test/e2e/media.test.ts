import type { Pool } from 'pg';
import { wamid } from '../support/factory';
import { mediaBody } from '../core/media/support';
import { waitFor } from '../support/wait-for';
import { openFactory, post, sentMessages, state } from './support/running';

let pool: Pool;
beforeAll(() => {
	pool = openFactory();
});
afterAll(async () => await pool.end());

const externalId = (): string =>
	state()
		.tenants.find(({ slug }) => slug === 'fitpro')!
		.channels.find(({ kind }) => kind === 'whatsapp')!.externalId;

async function customerSends(
	from: string,
	type: 'audio' | 'image',
	mimeType: string,
	bytes: Buffer,
): Promise<string[]> {
	const stored = await fetch(`${state().graph.url}/_sandbox/media`, {
		method: 'POST',
		body: JSON.stringify({ mimeType, base64: bytes.toString('base64') }),
	});
	const { id } = (await stored.json()) as { id: string };
	const body = mediaBody(externalId(), { type, from, media: { id, mime_type: mimeType } }, wamid());
	expect((await post(JSON.stringify(body))).status).toBe(200);
	const answers = async () =>
		(await sentMessages()).filter(({ to }) => to?.replace('+', '') === from).map(({ text }) => text ?? '');
	await waitFor(async () => (await answers()).length > 0, { timeoutMs: 60_000, what: `the answer to ${from}` });
	return await answers();
}

const stored = async (phone: string) =>
	(
		await pool.query(
			`select m.body, r.kind, r.status, r.model, u.purpose, c.message_text from agent_factory.messages m
				join agent_factory.contacts k on k.tenant_id = m.tenant_id and k.id = m.contact_id
				join agent_factory.media_readings r on r.tenant_id = m.tenant_id and r.message_id = m.id
				join agent_factory.classified_leads c on c.tenant_id = m.tenant_id and c.conversation_id = m.conversation_id
				left join agent_factory.llm_usage u on u.tenant_id = m.tenant_id and u.conversation_id = m.conversation_id and u.purpose = 'media'
				where k.phone = $1`,
			[phone],
		)
	).rows;

test('a voice message is written down, seen by the classifier, and answered for what it says', async () => {
	const from = '5511966000011';
	const said = 'Quanto custa o plano anual? Quero fazer a matrícula hoje';
	const answers = await customerSends(from, 'audio', 'audio/ogg; codecs=opus', Buffer.from(`OggS[[${said}]]`));
	expect(answers.join(' ')).toContain('R$');
	expect(await stored(from)).toEqual([
		{
			body: `[áudio] ${said}`,
			kind: 'audio',
			status: 'read',
			model: 'gpt-4o-mini-transcribe',
			purpose: 'media',
			message_text: `[áudio] ${said}`,
		},
	]);
}, 120_000);

test('a picture that the model cannot make out: the agent says so', async () => {
	const from = '5511966000012';
	const answers = await customerSends(from, 'image', 'image/png', Buffer.from('89504e470d0a1a0a', 'hex'));
	expect(answers.join(' ')).toContain('Não consegui abrir');
	expect(await stored(from)).toMatchObject([
		{ body: '[imagem que não consegui ver]', kind: 'image', status: 'failed', purpose: 'media' },
	]);
}, 120_000);
