import { pass, type CheckFactory } from './types';

/** The plan's automatic replies a day, or the agent's own lower number, are used up. */
export const createDailyLimitCheck: CheckFactory =
	(policy) =>
	({ context }) => {
		const { maxAutoResponsesPerDay, autoResponsesToday } = context.tenant;
		const limits = [maxAutoResponsesPerDay, policy.limits.dailyReplies].filter((limit) => limit !== null);
		const limit = limits.length > 0 ? Math.min(...limits) : null;
		if (limit === null || autoResponsesToday < limit) return pass('Within the daily limit.', { limit });
		return {
			fired: true,
			action: 'handoff',
			reason: `The ${limit} automatic replies of today are used up; a person answers.`,
			details: { limit, used: autoResponsesToday },
		};
	};
