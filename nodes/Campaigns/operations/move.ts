import { moveCampaign } from '../../../core/crm';
import { actorOf, locatorId, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { toItem } from '../../shared/rows';
import { campaignField } from '../fields';

const moveTo = (operation: string, to: 'paused' | 'running' | 'stopped'): Operation => ({
	description: showFor({ operation: [operation] }, [tenantField(), campaignField]),
	execute: async ({ context, itemIndex, database }) => {
		const tenant = await tenantId(context, database, itemIndex);
		const campaign = locatorId(context, 'campaign', itemIndex);
		return toItem(await moveCampaign(database, tenant, campaign, to, actorOf(context)));
	},
});

export const pause = moveTo('pause', 'paused');
export const resume = moveTo('resume', 'running');
export const stop = moveTo('stop', 'stopped');
