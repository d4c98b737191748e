import type { Resource } from '../../shared/resource';
import { agent } from './agent';
import { analytics } from './analytics';
import { apiKey } from './api-key';
import { assignment } from './assignment';
import { backgroundJob } from './background-job';
import { channelAccount } from './channel-account';
import { contact } from './contact';
import { conversation } from './conversation';
import { database } from './database';
import { event } from './event';
import { instagramOutreach } from './instagram-outreach';
import { lead } from './lead';
import { maintenance } from './maintenance';
import { member } from './member';
import { notification } from './notification';
import { pipeline } from './pipeline';
import { privacy } from './privacy';
import { selfImprovement } from './self-improvement';
import { sending } from './sending';
import { template } from './template';
import { tenant } from './tenant';
import { workflowTemplate } from './workflow-template';

/** In the order of the Resource list: alphabetical. */
export const RESOURCES: readonly Resource[] = [
	agent,
	analytics,
	apiKey,
	assignment,
	backgroundJob,
	channelAccount,
	contact,
	conversation,
	database,
	event,
	instagramOutreach,
	lead,
	maintenance,
	member,
	notification,
	pipeline,
	privacy,
	selfImprovement,
	sending,
	template,
	tenant,
	workflowTemplate,
];
