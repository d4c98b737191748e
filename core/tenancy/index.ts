export { inTenant, type TenantConnection } from './transaction';
export { createVault, type Vault } from './vault';
export { accessKeyOpens, createAccessKey, listAccessKeys, revokeAccessKey, type AccessKey } from './access-keys';
export { hashAccessKey, resolveTenant, type ResolvedTenant, type TenantQuery } from './resolve';
export { addDefaults, createTenant, listTenants, updateTenant, type NewTenant, type TenantRow } from './tenants';
export {
	assignAgent,
	createChannelAccount,
	listChannelAccounts,
	listPausedAccounts,
	pauseChannelAccount,
	resumeChannelAccount,
	setAccessToken,
	tokenBinding,
	type NewChannelAccount,
} from './channel-accounts';
export { checkAccounts } from './account-checks';
export {
	listApiKeys,
	readApiKey,
	renewApiKey,
	saveApiKey,
	storeApiKey,
	switchOffApiKey,
	type ApiKey,
	type NewApiKey,
} from './api-keys';
export { listMembers, removeMember, ROLES, saveMember, type Member, type Role } from './members';
export {
	openPageLink,
	sealPageLink,
	usePageLink,
	type NewPageLink,
	type OpenedPageLink,
	type PageLinkPorts,
} from './page-links';
export { NO_TENANT } from './defaults';
