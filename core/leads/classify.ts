import { wellFormed } from '../agents';
import type { Database } from '../database';
import { FactoryError, isFactoryError } from '../errors';
import type { LlmPort, LlmUsage } from '../llm';
import { classifyByRules } from './rules-placeholder';
import { leadInputOf, loadLeadContexts, type LeadContext, type TurnRef } from './context';
import { MODEL_BATCH, SAVES_AT_ONCE, STORED_TEXT_MAX } from './defaults';
import { askModel, type ModelOutcome } from './model';
import { NO_PERSONA } from './persona';
import { routeLead, type LeadRoute } from './route';
import { saveClassifiedLead, type ClassifiedLead, type SavedLead, type Treatment } from './store';
import type { LeadInput, RuleResult } from './types';
import { verdictOfKnown, verdictOfModel, verdictOfRules, withHysteresis, type LeadVerdict } from './verdict';

export interface ClassifyPorts {
	/** The model for a provider; asked only where the rules are unsure. */
	llm(model: { provider: string; api: string; model: string }): Promise<LlmPort>;
	/** A word that nobody can guess, new for each call of a model. */
	fence(): string;
}

/** A turn's classification and what becomes of the turn. */
export interface TurnLead extends Omit<SavedLead, 'created'> {
	route: LeadRoute;
	known: boolean;
	/** Why the model gave no answer that it was asked for; null where it did, or was not asked. */
	modelError: string | null;
	/** What would make the next classification better; null where nothing is missing. */
	advice: string | null;
}

/** `gone`: another worker has the turn. */
export type TurnClassification = { result: 'classified'; lead: TurnLead } | { result: 'gone' };

/** A turn on its way through the classifier. */
interface Draft {
	context: LeadContext;
	rules: RuleResult | null;
	verdict: LeadVerdict;
	asked: boolean;
	usage: LlmUsage[];
	modelError: string | null;
}

const NO_PERSONA_ADVICE =
	'The tenant has no active persona: only the common language of leads was judged. Create one with the Lead Classifier node.';

/**
 * Classifies leased turns: known contacts and sure rules without a token, the rest by a model, several leads of a tenant a call. Each is
 * stored in a transaction of its own, once, however often its turn comes. One answer or error a turn, in their order.
 */
export async function classifyTurns(
	database: Database,
	turns: readonly TurnRef[],
	ports: ClassifyPorts,
): Promise<Array<TurnClassification | FactoryError>> {
	const results: Array<TurnClassification | FactoryError> = turns.map(() => ({ result: 'gone' }));
	await Promise.all(
		[...new Set(turns.map(({ tenantId }) => tenantId))].map(async (tenantId) => {
			const own = turns.flatMap((turn, index) => (turn.tenantId === tenantId ? [{ index, turnId: turn.turnId }] : []));
			try {
				await classifyOfTenant(database, tenantId, own, ports, results);
			} catch (error) {
				for (const { index } of own) results[index] = failureOf(error);
			}
		}),
	);
	return results;
}

async function classifyOfTenant(
	database: Database,
	tenantId: string,
	turns: ReadonlyArray<{ index: number; turnId: number }>,
	ports: ClassifyPorts,
	results: Array<TurnClassification | FactoryError>,
): Promise<void> {
	const contexts = await loadLeadContexts(
		database,
		tenantId,
		turns.map(({ turnId }) => turnId),
	);
	const drafts = new Map<number, Draft>();
	for (const { index, turnId } of turns) {
		const context = contexts.get(turnId);
		if (!context) continue;
		try {
			if (context.stored)
				results[index] = classified(context, { ...context.stored, limitTold: false, becameHot: false });
			else drafts.set(index, draftOf(context));
		} catch (error) {
			results[index] = failureOf(error);
		}
	}
	await askForUnsure([...drafts.values()], ports);
	await inLanes([...drafts], SAVES_AT_ONCE, async ([index, draft]) => {
		try {
			const saved = await saveClassifiedLead(database, tenantId, classifiedLeadOf(draft));
			results[index] = classified(draft.context, saved, draft.modelError);
		} catch (error) {
			results[index] = failureOf(error);
		}
	});
}

/** Without a token: who is known, and what the rules say. */
function draftOf(context: LeadContext): Draft {
	const { known, settings } = context;
	const blank = { context, asked: false, usage: [], modelError: null };
	if (known?.skipAiAnalysis) return { ...blank, rules: null, verdict: verdictOfKnown(known, settings) };
	const rules = rulesOf(leadInputOf(context), context);
	return { ...blank, rules, verdict: verdictOfRules(rules), asked: wantsModel(rules, context) };
}

/** Known contacts are judged by their words here: their row said "analyse all the same". */
const rulesOf = (input: LeadInput, { persona, settings }: Pick<LeadContext, 'persona' | 'settings'>): RuleResult =>
	classifyByRules({ ...input, known: null }, persona ?? NO_PERSONA, settings);

/** Without a persona a model has nothing to measure against; where a person answers nothing waits for a class. */
const wantsModel = (rules: RuleResult, { persona, settings, answerable }: LeadContext): boolean =>
	rules.unsure && settings.modelEnabled && persona !== null && answerable;

async function askForUnsure(drafts: readonly Draft[], ports: ClassifyPorts): Promise<void> {
	const unsure = drafts.filter(({ asked }) => asked);
	const batches = Array.from({ length: Math.ceil(unsure.length / MODEL_BATCH) }, (_, n) =>
		unsure.slice(n * MODEL_BATCH, (n + 1) * MODEL_BATCH),
	);
	await Promise.all(
		batches.map(async (batch) => {
			const outcome = await askFor(batch, ports);
			batch.forEach((draft, n) => {
				const answer = outcome.answers[n];
				const rules = draft.rules!;
				draft.verdict = answer
					? verdictOfModel(answer, rules, draft.context.settings)
					: verdictOfRules(rules, 'rules_fallback');
				draft.modelError = answer ? null : (outcome.error ?? 'LLM_INVALID_OUTPUT');
			});
			// One row a call: the first of those that shared it carries the cost.
			batch[0].usage = outcome.usage;
		}),
	);
}

async function askFor(batch: readonly Draft[], ports: ClassifyPorts): Promise<ModelOutcome> {
	const { settings, persona } = batch[0].context;
	const { modelProvider: provider, modelApi: api, model, analysisLanguage: language } = settings;
	return await askModel(async () => await ports.llm({ provider, api, model }), {
		model,
		language,
		persona: persona ?? NO_PERSONA,
		leads: batch.map(({ context }) => leadInputOf(context)),
		fence: ports.fence(),
	});
}

function classifiedLeadOf({ context, rules, verdict: first, usage }: Draft): ClassifiedLead {
	const { settings, previous } = context;
	const verdict = withHysteresis(first, previous?.classification ?? null, rules?.verifiedIntent ?? false, settings);
	const { classification, personalReason } = verdict;
	const text = context.messages
		.map((message) => message.text)
		.filter((part) => part !== '')
		.join('\n');
	const referral = context.messages.find((message) => message.referral)?.referral ?? null;
	return {
		turnId: context.turnId,
		conversationId: context.conversationId,
		contactId: context.contactId,
		personaId: context.persona?.id ?? null,
		personaVersion: context.persona?.version ?? null,
		knownContactId: context.known?.id ?? null,
		platform: context.platform,
		username: context.username,
		fullName: context.fullName,
		messageText: text === '' ? null : wellFormed(text.slice(0, STORED_TEXT_MAX)),
		messageTimestamp: context.messages[context.messages.length - 1].at,
		conversationContext: {
			messages: context.messages.map(({ id }) => id),
			history: context.history.map(({ id }) => id),
		},
		profileData: context.profile,
		aiAnalysis: verdict.analysis,
		classification,
		personalReason,
		icpScore: verdict.score,
		fitScore: verdict.fit,
		intentScore: verdict.intent,
		confidence: verdict.confidence,
		scoreBreakdown: rules?.points ?? [],
		decidedBy: verdict.decidedBy,
		injectionFlagged: rules?.injection ?? false,
		treatment: treatmentOf(routeOf(context, { classification, personalReason, overLimit: false }), classification),
		treatPropensity: 1,
		explorationArm: null,
		source: referral ? 'ad' : context.messages.some(({ kind }) => kind === 'comment') ? 'comment' : 'organic',
		referral,
		usage,
	};
}

const treatmentOf = ({ action }: LeadRoute, classification: string): Treatment =>
	action !== 'answer' ? 'none' : classification === 'LEAD_HOT' ? 'hot' : 'standard';

const routeOf = (
	{ known, settings }: LeadContext,
	lead: Pick<SavedLead, 'classification' | 'personalReason' | 'overLimit'>,
): LeadRoute => routeLead({ ...lead, known, answeredClasses: settings.answeredClasses });

function classified(
	context: LeadContext,
	saved: Omit<SavedLead, 'created'>,
	modelError: string | null = null,
): TurnClassification {
	const { created: _, ...lead } = saved as SavedLead;
	return {
		result: 'classified',
		lead: {
			...lead,
			route: routeOf(context, saved),
			known: context.known !== null,
			modelError,
			advice: context.persona ? null : NO_PERSONA_ADVICE,
		},
	};
}

const failureOf = (error: unknown): FactoryError =>
	isFactoryError(error) ? error : new FactoryError('INTERNAL', 'The classifier failed.', { cause: error });

/** Works on a list, so many side by side. */
async function inLanes<T>(items: readonly T[], lanes: number, work: (item: T) => Promise<void>): Promise<void> {
	const waiting = items.values();
	const lane = async (): Promise<void> => {
		for (const item of waiting) await work(item);
	};
	await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane));
}
