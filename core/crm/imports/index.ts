export { campaignRoi, saveCampaignCosts, type CampaignCost, type CostImport } from './costs';
export { CSV_MAX_BYTES, IMPORT_MAX_ROWS } from './defaults';
export { IMPORT_PLATFORMS, type Field, type ImportPlatform, type RowProblem } from './form-lead';
export { type ImportedLead } from './import-lead';
export { importCsv, importRows, type RowImport, type RowImportOptions } from './import-rows';
export {
	connectMarketing,
	listIntegrations,
	type IntegrationSettings,
	type MarketingPlatform,
	type NewIntegration,
} from './integrations';
export { importGoogleLead, importLinkedInLead, importMetaLead } from './receive';
export { runDueImports, type ImportRun } from './run-due';
