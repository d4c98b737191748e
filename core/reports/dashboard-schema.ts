import { z } from 'zod/v4';

const figure = z.number().nullable();
const moment = z.string().nullable();

const health = z.object({ code: z.string(), n: z.number(), since: moment });
const wait = z.object({ figure: z.string(), n: figure, p50Seconds: figure, p90Seconds: figure });
const day = z.object({
	...{ day: z.string(), counted: z.boolean(), inbound: figure, byAgent: figure, byPeople: figure, bySystem: figure },
	...{ conversations: figure, newConversations: figure },
});
const version = z.object({
	...{ target: z.enum(['persona', 'prompt']), versionId: z.string(), agentId: moment, agentVersion: moment },
	...{ version: z.number(), parentId: moment, inService: z.boolean(), activatedAt: moment, deactivatedAt: moment },
	...{ changeReason: moment, judgedScore: figure, people: z.number(), hot: z.number(), won: z.number() },
	...{ lost: z.number(), open: z.number(), conversionPercent: figure, meanScore: figure, precisionPercent: figure },
	...{ judgedHot: figure, firstDay: moment, lastDay: moment },
});
const dailyVersion = z.object({
	...{ day: z.string(), target: z.enum(['persona', 'prompt']), versionId: z.string(), version: figure },
	...{ people: z.number(), hot: z.number(), won: z.number(), lost: z.number(), open: z.number() },
	...{ conversionPercent: figure, meanScore: figure },
});
const change = z.object({
	...{ at: z.string(), target: z.string(), versionId: moment, version: figure, agentId: moment, kind: z.string() },
	...{ actor: moment, reason: moment },
});
const reflection = z.object({
	...{ id: z.string(), target: z.string(), agentId: moment, versionId: moment, at: z.string(), status: z.string() },
	...{ score: figure, action: moment, reason: moment, lookedAt: figure, costUsd: figure },
});
const suggestion = z.object({
	...{ id: z.string(), target: z.string(), agentId: moment, suggestionType: z.string(), state: z.string() },
	...{ createdAt: z.string(), expiresAt: z.string(), reviewer: moment, appliedAt: moment, rolledBackAt: moment },
	...{ rollbackReason: moment, gateVerdict: moment },
});
const rollout = z.object({
	...{ id: z.string(), target: z.string(), agentId: moment, stage: z.string(), share: z.number() },
	...{ startedAt: z.string(), startedBy: z.string(), approvedByPerson: z.boolean(), heldBy: moment },
	...{ promotedAt: moment, endedAt: moment, endReason: moment, incumbentVersion: figure, candidateVersion: figure },
	...{ candidateId: moment, incumbentId: moment, incumbentPeople: z.number(), candidatePeople: z.number() },
	evidence: z.record(z.string(), z.unknown()),
});
const costPerResult = z.object({
	...{ modelUsd: figure, metaUsd: figure, unpriced: z.number(), conversationDays: figure, newConversations: figure },
	...{ clients: z.number(), opportunities: z.number(), usdPerConversationDay: figure },
	...{ usdPerNewConversation: figure, usdPerClient: figure },
});
const outbox = z.object({
	...{ pending: z.number(), sending: z.number(), unknown: z.number(), oldestPendingAt: moment },
	...{ oldestUnknownAt: moment, failed2d: figure, blocked2d: figure, sent2d: figure, failedPercent2d: figure },
	pausedAccounts: z.number(),
});
const funnel = z.object({
	...{ wrote: figure, classified: figure, leads: figure, hot: figure, qualified: figure },
	...{ opportunities: figure, clients: figure },
});

/** What `dashboard` of the database answers; null is "nothing known", never zero. */
export const dashboardSchema = z.object({
	tenant: z.object({
		...{ id: z.string(), name: z.string(), slug: z.string(), status: z.string(), timezone: z.string() },
	}),
	from: z.string(),
	today: z.string(),
	now: z.string(),
	rolledAt: moment,
	days: z.array(day),
	waits: z.array(wait),
	dailyWaits: z.array(wait.extend({ day: z.string() })),
	hot: z.object({ turned: z.number(), answered: z.number() }),
	classes: z.array(z.object({ day: z.string(), classification: z.string(), n: z.number(), meanScore: figure })),
	funnel,
	steps: z.array(z.object({ step: z.string(), n: z.number() })),
	versions: z.array(version),
	dailyVersions: z.array(dailyVersion),
	changes: z.array(change),
	reflections: z.array(reflection),
	suggestions: z.array(suggestion),
	rollouts: z.array(rollout),
	costs: z.array(
		z.object({
			...{ day: z.string(), kind: z.enum(['model', 'meta']), part: z.string(), n: z.number() },
			...{ tokens: figure, usd: figure, unpriced: z.number() },
		}),
	),
	costPerResult,
	sends: z.array(z.object({ status: z.string(), n: z.number() })),
	outbox,
	handoffs: z.object({ handoffs: figure, answered: figure, inTime: figure, overdue: figure, waiting: figure }),
	limits: z.array(z.object({ name: z.string(), period: z.string(), used: z.number(), most: figure, percent: figure })),
	kpis: z.array(z.object({ kpi: z.string(), value: figure, unit: z.string(), n: figure, days: figure })),
	health: z.array(health),
});
export type Dashboard = z.infer<typeof dashboardSchema>;

export const operatorDashboardSchema = z.object({
	now: z.string(),
	tenants: z.array(
		z.object({
			...{ id: z.string(), name: z.string(), slug: z.string(), status: z.string(), inbound: figure },
			...{ outbound: figure, newConversations: figure, hot: figure, clients: figure, modelUsd: figure },
			...{ metaUsd: figure, unpriced: figure, answerP50Seconds: figure, answerP90Seconds: figure },
			health: z.array(health),
			rolledAt: moment,
		}),
	),
	days: z.array(
		z.object({
			...{ day: z.string(), inbound: z.number(), outbound: z.number(), newConversations: z.number() },
			...{ hot: z.number(), clients: z.number(), modelUsd: figure, metaUsd: figure },
		}),
	),
	unroutedEvents: z.number(),
	automationStoppedAt: moment,
});
export type OperatorDashboard = z.infer<typeof operatorDashboardSchema>;
