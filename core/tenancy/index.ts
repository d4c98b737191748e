export { inTenant, type TenantConnection } from './transaction';
export { createVault, type Vault } from './vault';
export { resolveTenant, type ResolvedTenant, type TenantQuery } from './resolve';
export { createAccessKey, createTenant, listTenants, updateTenant, type NewTenant, type TenantRow } from './tenants';
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
