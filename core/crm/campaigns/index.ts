export { assignLead, listAssignmentRules, saveAssignmentRules, type AssignmentRules } from './assignment';
export {
	getCampaign,
	listCampaigns,
	moveCampaign,
	previewCampaign,
	runDueCampaigns,
	startCampaign,
	type Audience,
	type Campaign,
	type CampaignPreview,
	type CampaignRun,
	type NewCampaign,
} from './campaigns';
export { DAILY_CAP, GAP_HOURS, HOURLY_CAP, MAX_FOLLOWUPS, QUIET_FROM, QUIET_TO, SILENT_HOURS } from './defaults';
export {
	followUpTenant,
	listFollowUpSettings,
	saveFollowUpSettings,
	type FollowUp,
	type FollowUpSettings,
} from './follow-ups';
export { getFunnel } from './funnel';
