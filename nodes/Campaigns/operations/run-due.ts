import { runDueCampaigns } from '../../../core/crm';
import type { Operation } from '../../shared';

export const description: Operation['description'] = [];

export const execute: Operation['execute'] = async ({ database }) => await runDueCampaigns(database);
