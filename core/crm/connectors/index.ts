export { connectCrm, disconnectCrm, mapStages, remoteStages, type Connected, type NewConnection } from './connect';
export { createCrmLink, finishCrmLink, type LinkSettings } from './link';
export { receiveWebhook, type AppliedChange } from './changes';
export { listIntegrations, type Integration } from './store';
export { createDealFor, type WantedDeal } from './tool';
export { CRM_JOB_TYPES, runCrmWork } from './work';
export { markOf } from './deals';
export { PROVIDER_NAMES, PROVIDERS, type CrmPorts, type Provider, type RemoteStage } from './types';
export { POLL_EVERY_SECONDS, UNSETTLED_SECONDS } from './defaults';
