import { wakeWorkers, type Database } from '../database';
import { FactoryError, isFactoryError } from '../errors';
import { OUTCOME_KINDS, recordOutcome, type OutcomeKind } from '../leads';
import { sendDirect } from '../outbox';
import { inTenant, type PageLinkPorts, type TenantConnection } from '../tenancy';
import { REPLY_CHARACTERS, VARIABLE_CHARACTERS } from './defaults';
import { editLabel, editShare, keepLabel, OUTCOMES, type HandoffOutcome } from './labels';
import { isId, neutral, openHandoffLink, viewerOf } from './links';
import { readThread, type Thread, type Viewer } from './store';

/** What a person can do on the page. */
export const ACTIONS = ['reply', 'template', 'take', 'return', 'label', 'lead', 'draft', 'discard'] as const;
export type HandoffAction = (typeof ACTIONS)[number];

export interface PageProblem {
	code: string;
	message: string;
	/** The field that it is about, where one is. */
	field?: string;
}

/** A form as it came in: everything is a stranger's until it was looked at. */
export type PageForm = Readonly<Record<string, unknown>>;

export interface Acted {
	tenantId: string;
	conversationId: string;
	viewer: Viewer;
	action: HandoffAction;
	/** What went wrong, in the page's words; null when it was done. */
	problem: PageProblem | null;
	outboxIds: string[];
}

const FORM_KEY = /^[\w-]{12,64}$/;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Does what a form of the page asks. A refusal is answered, not thrown, so that what was typed can stand in the form again. */
export async function actOnHandoff(
	database: Database,
	form: PageForm,
	ports: Pick<PageLinkPorts, 'vault' | 'now'>,
): Promise<Acted> {
	const link = openHandoffLink(form.token, ports);
	const conversationId = form.c;
	const { viewer, thread } = await inTenant(database, link.tenantId, async (db) => ({
		viewer: await viewerOf(db, link),
		thread: isId(conversationId) ? await readThread(db, conversationId) : null,
	}));
	if (!thread) throw neutral();
	const action = ACTIONS.find((known) => known === form.action);
	const acted = { tenantId: link.tenantId, conversationId: thread.conversationId, viewer, action: action ?? 'reply' };
	try {
		if (!action) throw new FactoryError('VALUE_REFUSED', 'The page knows no such action. Open it again.');
		if (viewer.role === 'viewer')
			throw new FactoryError(
				'HANDOFF_VIEW_ONLY',
				'You may look, not act: your role is viewer. Ask an admin for operator.',
			);
		if (!FORM_KEY.test(text(form.key)))
			throw new FactoryError('VALUE_REFUSED', 'The form is incomplete. Open the page again.');
		const outboxIds = await DO[action]({
			database,
			tenantId: link.tenantId,
			viewer,
			thread,
			form,
			key: text(form.key),
		});
		return { ...acted, problem: null, outboxIds };
	} catch (error) {
		if (!isFactoryError(error) || error.retryable) throw error;
		return { ...acted, problem: { code: error.code, message: error.message, field: error.item }, outboxIds: [] };
	}
}

interface Step {
	database: Database;
	tenantId: string;
	viewer: Viewer;
	thread: Thread;
	form: PageForm;
	/** Made once a form: pressing twice is one act. */
	key: string;
}

const actorOf = ({ userId }: Viewer): string => `member:${userId}`;

const SENT = `select exists (select 1 from outbox_messages where tenant_id = $1::uuid and idempotency_key = $2::text) as sent`;

const DO: Record<HandoffAction, (step: Step) => Promise<string[]>> = {
	async reply(step) {
		const body = text(step.form.text).trim();
		if (body === '') throw new FactoryError('MESSAGE_EMPTY', 'Write something first.');
		if (body.length > REPLY_CHARACTERS)
			throw new FactoryError('VALUE_REFUSED', 'That is too long for one answer. Shorten it.');
		return await send(step, { text: body }, () => {
			if (!step.thread.windowOpen)
				throw new FactoryError(
					'HANDOFF_WINDOW_CLOSED',
					'The customer wrote more than 24 hours ago: only an approved template can be sent. Pick one below.',
				);
		});
	},
	async template(step) {
		const templateId = text(step.form.template);
		if (!isId(templateId)) throw new FactoryError('TEMPLATE_NOT_FOUND', 'Pick a template first.');
		const parameters = variables(step.form);
		const wrong = parameters.findIndex((value) => value === '' || value.length > VARIABLE_CHARACTERS);
		if (wrong !== -1)
			throw new FactoryError(
				'VALUE_REFUSED',
				`Fill in every variable of the template, with at most ${VARIABLE_CHARACTERS} characters each.`,
				{ item: `p${wrong + 1}` },
			);
		return await send(step, { templateId, ...(parameters.length > 0 ? { parameters } : {}) }, () => undefined);
	},
	async take(step) {
		await inStep(step, async (db) => await take(db, step));
		return [];
	},
	async return(step) {
		await inStep(step, async (db) => {
			await db.one(`select return_handoff($1::uuid, $2::uuid, 'person')`, [db.tenantId, step.thread.conversationId]);
		});
		// What the customer wrote meanwhile may have become a turn.
		wakeWorkers(step.database, 'turns');
		return [];
	},
	async label(step) {
		const label = OUTCOMES.find((known) => known === step.form.label);
		if (!label) throw new FactoryError('VALUE_REFUSED', 'Pick what it was.');
		await inStep(step, async (db) => await outcome(db, step, label));
		return [];
	},
	async lead(step) {
		const kind = OUTCOME_KINDS.find((known) => known === step.form.verdict);
		if (!kind || !step.thread.leadId) throw new FactoryError('VALUE_REFUSED', 'Pick what kind of lead it is.');
		await verdict(step, kind, step.thread.leadId);
		return [];
	},
	async draft(step) {
		const draft = draftOf(step);
		const body = text(step.form.text).trim();
		if (body === '') throw new FactoryError('MESSAGE_EMPTY', 'Write something first, or discard the draft.');
		if (body.length > REPLY_CHARACTERS)
			throw new FactoryError('VALUE_REFUSED', 'That is too long for one answer. Shorten it.');
		const texts = body.split(/\n\s*\n+/).filter((part) => part.trim() !== '');
		const share = editShare(draft.messages.join(' '), texts.join(' '));
		await inStep(step, async (db) => {
			const values = [db.tenantId, draft.id, JSON.stringify(texts), actorOf(step.viewer)];
			await db.one('select send_draft($1::uuid, $2::uuid, $3::jsonb, $4::text)', values);
			await keepLabel(db, step.thread.conversationId, {
				...{ kind: 'draft', label: editLabel(share), editShare: share, draftId: draft.id, turnId: draft.turn_id },
				...{ person: step.viewer.userId, key: `draft:${draft.id}` },
			});
		});
		wakeWorkers(step.database, 'outbox');
		return [];
	},
	async discard(step) {
		const draft = draftOf(step);
		const given = text(step.form.reason) || 'other';
		const reason = ['wrong', 'tone', 'not_needed', 'other'].find((known) => known === given);
		if (!reason) throw new FactoryError('VALUE_REFUSED', 'Pick why the draft is not sent.');
		await inStep(step, async (db) => {
			await db.one('select discard_draft($1::uuid, $2::uuid, $3::text)', [db.tenantId, draft.id, actorOf(step.viewer)]);
			await keepLabel(db, step.thread.conversationId, {
				...{ kind: 'draft', label: 'discarded', editShare: 1, draftId: draft.id, turnId: draft.turn_id, reason },
				...{ person: step.viewer.userId, key: `draft:${draft.id}` },
			});
		});
		return [];
	},
};

const inStep = async (step: Step, work: (db: TenantConnection) => Promise<void>): Promise<void> =>
	await inTenant(step.database, step.tenantId, work, { actor: actorOf(step.viewer) });

async function take(db: TenantConnection, { thread, viewer }: Step): Promise<void> {
	await db.one('select take_handoff($1::uuid, $2::uuid, $3::uuid)', [
		db.tenantId,
		thread.conversationId,
		viewer.userId,
	]);
}

/** Sends once a form, whoever presses how often, and makes the conversation theirs when it is nobody's. */
async function send(
	step: Step,
	content: { text: string } | { templateId: string; parameters?: string[] },
	check: () => void,
): Promise<string[]> {
	const { database, tenantId, thread, viewer } = step;
	const key = `handoff:${thread.conversationId}:${step.key}`;
	const { sent } = (await inTenant(database, tenantId, async (db) => {
		return await db.one<{ sent: boolean }>(SENT, [tenantId, `direct:${key}:0`]);
	}))!;
	if (!sent) {
		if (thread.status !== 'handoff')
			throw new FactoryError('HANDOFF_RETURNED', 'The bot has this conversation again. Take it first, then send.');
		if (thread.optedOut)
			throw new FactoryError('HANDOFF_OPTED_OUT', 'This person asked not to be written to. Nothing was sent.');
		check();
		if (!thread.handoff?.assigned_user_id) await inStep(step, async (db) => await take(db, step));
	}
	const message = { conversationId: thread.conversationId, key, content, author: 'human' as const };
	return (await sendDirect(database, tenantId, message, actorOf(viewer))).outboxIds;
}

/** `p1`, `p2` ... in their order. */
function variables(form: PageForm): string[] {
	const found: string[] = [];
	for (let index = 1; typeof form[`p${index}`] === 'string'; index++) found.push(text(form[`p${index}`]).trim());
	return found;
}

async function outcome(db: TenantConnection, step: Step, label: HandoffOutcome): Promise<void> {
	const { thread, viewer } = step;
	await keepLabel(db, thread.conversationId, {
		...{ kind: 'outcome', label, person: viewer.userId },
		key: `outcome:${thread.handoff?.id ?? thread.conversationId}`,
	});
}

async function verdict(step: Step, kind: OutcomeKind, leadId: string): Promise<void> {
	const { database, tenantId, viewer, thread, key } = step;
	const idempotencyKey = `handoff:${thread.conversationId}:${key}`;
	await recordOutcome(database, tenantId, { leadId, kind, source: 'person', actor: viewer.name, idempotencyKey });
}

function draftOf({ thread, form }: Step): Thread['drafts'][number] {
	const draft = thread.drafts.find(({ id }) => id === form.draft);
	if (!draft)
		throw new FactoryError('HANDOFF_DRAFT_GONE', 'This draft was sent, discarded or replaced by a newer one.');
	return draft;
}
