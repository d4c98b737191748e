import { wellFormed } from '../agents';
import type { Database } from '../database';
import type { FactoryError } from '../errors';
import { leadInputOf, loadLeadContexts, type LeadContext, type TurnRef } from './context';
import { SAVES_AT_ONCE, STORED_TEXT_MAX } from './defaults';
import { failureOf, judgeLeads, type ClassifyPorts, type JudgedLead } from './judge';
import { chooseTreatment, explorationDraw, type TreatmentChoice } from './exploration';
import { scoreLead } from './learning';
import { routeLead, type LeadRoute } from './route';
import { saveClassifiedLead, type ClassifiedLead, type SavedLead } from './store';
import { rescored, withHysteresis } from './verdict';

/** A turn's classification and what becomes of the turn. */
export interface TurnLead extends Omit<SavedLead, 'created'> {
	route: LeadRoute;
	/** Whether the tenant knows the person. */
	known: boolean;
	/** Why the model gave no answer that it was asked for; null where it did, or was not asked. */
	modelError: string | null;
	/** What would make the next classification better; null where nothing is missing. */
	advice: string | null;
}

/** `gone`: another worker has the turn. */
export type TurnClassification = { result: 'classified'; lead: TurnLead } | { result: 'gone' };
type Results = Array<TurnClassification | FactoryError>;

export const NO_PERSONA_ADVICE =
	'The tenant has no active persona: only the common language of leads was judged. Create one with the Lead Classifier node.';

/**
 * Classifies leased turns and stores each in a transaction of its own, once, however often its turn comes. One answer or error a turn,
 * in their order.
 */
export async function classifyTurns(
	database: Database,
	turns: readonly TurnRef[],
	ports: ClassifyPorts,
): Promise<Results> {
	const results: Results = turns.map(() => ({ result: 'gone' }));
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
	results: Results,
): Promise<void> {
	const turnIds = turns.map(({ turnId }) => turnId);
	const contexts = await loadLeadContexts(database, tenantId, turnIds);
	const open: Array<{ index: number; context: LeadContext }> = [];
	for (const { index, turnId } of turns) {
		const context = contexts.get(turnId);
		if (!context) continue;
		if (context.stored) results[index] = classified(context, { ...context.stored, limitTold: false, becameHot: false });
		else open.push({ index, context });
	}
	const judged = await judgeLeads(
		open.map(({ context }) => ({
			input: leadInputOf(context),
			persona: context.persona,
			settings: context.settings,
			previous: context.previous?.classification ?? null,
			mayAsk: context.answerable,
		})),
		ports,
	);
	await inLanes([...open.entries()], SAVES_AT_ONCE, async ([n, { index, context }]) => {
		const lead = judged[n];
		results[index] =
			lead instanceof Error ? lead : await saved(database, context, byOutcomes(context, lead)).catch(failureOf);
	});
}

/** Where the tenant's own outcomes beat the rules, they have the last word on a lead's score. */
function byOutcomes({ scorer, settings, platform, messages, previous }: LeadContext, judged: JudgedLead): JudgedLead {
	const { rules, verdict } = judged;
	if (!scorer || !rules || rules.injection || !verdict.classification.startsWith('LEAD_')) return judged;
	const fromAd = messages.some(({ referral }) => referral !== null);
	const facts = { score: verdict.score, points: rules.points, platform, fromAd };
	const { score, point } = scoreLead(scorer.model, facts, scorer.version);
	const learned = rescored(verdict, score, rules.verifiedIntent, settings);
	return {
		...judged,
		rules: { ...rules, points: [...rules.points, point] },
		verdict: withHysteresis(learned, previous?.classification ?? null, rules.verifiedIntent, settings),
	};
}

async function saved(database: Database, context: LeadContext, judged: JudgedLead): Promise<TurnClassification> {
	const { created: _, ...lead } = await saveClassifiedLead(
		database,
		context.tenantId,
		classifiedLeadOf(context, judged),
	);
	return classified(context, lead, judged.modelError);
}

function classifiedLeadOf(context: LeadContext, { rules, verdict, usage }: JudgedLead): ClassifiedLead {
	const { messages, history, persona } = context;
	const { classification, personalReason } = verdict;
	const text = messages
		.map((message) => message.text)
		.filter((part) => part !== '')
		.join('\n');
	const referral = messages.find((message) => message.referral)?.referral ?? null;
	return {
		turnId: context.turnId,
		conversationId: context.conversationId,
		contactId: context.contactId,
		personaId: persona?.id ?? null,
		personaVersion: persona?.version ?? null,
		knownContactId: context.known?.id ?? null,
		platform: context.platform,
		username: context.username,
		fullName: context.fullName,
		messageText: text === '' ? null : wellFormed(text.slice(0, STORED_TEXT_MAX)),
		messageTimestamp: messages[messages.length - 1].at,
		conversationContext: { messages: messages.map(({ id }) => id), history: history.map(({ id }) => id) },
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
		...treatmentOf(context, { rules, verdict }),
		source: referral ? 'ad' : messages.some(({ kind }) => kind === 'comment') ? 'comment' : 'organic',
		referral,
		usage,
	};
}

/** Only strangers who are answered are explored: a known person's treatment is the tenant's word. */
function treatmentOf(context: LeadContext, { rules, verdict }: Pick<JudgedLead, 'rules' | 'verdict'>): TreatmentChoice {
	const { settings, known, tenantId, platform, username, answerable } = context;
	const { classification, personalReason, score } = verdict;
	if (routeOf(context, { classification, personalReason, overLimit: false }).action !== 'answer') {
		return { treatment: 'none', treatPropensity: 1, explorationArm: null };
	}
	return chooseTreatment({
		...{ classification, score, hot: settings.hot, hysteresis: settings.hysteresis },
		explorationShare: settings.explorationShare,
		hotPlacesLeft: known ? 0 : settings.hotCapacityPerDay - context.hotToday,
		injection: rules?.injection ?? false,
		optedOut: !answerable,
		random: explorationDraw(tenantId, `${platform}:${username}`),
	});
}

const routeOf = (
	{ known, settings }: LeadContext,
	{ classification, personalReason, overLimit }: Pick<SavedLead, 'classification' | 'personalReason' | 'overLimit'>,
): LeadRoute =>
	routeLead({ classification, personalReason, overLimit, known, answeredClasses: settings.answeredClasses });

const classified = (
	context: LeadContext,
	lead: Omit<SavedLead, 'created'>,
	modelError: string | null = null,
): TurnClassification => ({
	result: 'classified',
	lead: {
		...lead,
		route: routeOf(context, lead),
		known: context.known !== null,
		modelError,
		advice: context.persona ? null : NO_PERSONA_ADVICE,
	},
});

/** Works on a list, so many side by side. */
async function inLanes<T>(items: readonly T[], lanes: number, work: (item: T) => Promise<void>): Promise<void> {
	const waiting = items.values();
	const lane = async (): Promise<void> => {
		for (const item of waiting) await work(item);
	};
	await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane));
}
