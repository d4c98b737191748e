export { deliverNotices, type NoticeDelivery, type NoticePorts } from './deliver';
export {
	createEndpoint,
	createWebhookSecret,
	enableEndpoint,
	listEndpoints,
	replayNotices,
	rotateEndpointSecret,
	webhookSecrets,
	type NewEndpoint,
} from './endpoints';
export { EVENT_TYPES, type EventType } from './events';
export { createGuardedPost, guardedPost, type GuardedPost, type PostResult } from './guarded-post';
export { claimMails, settleMail, withoutAddresses, type Mail } from './mail';
export { newSecret, signWebhook, verifyWebhook, type WebhookHeaders, type WebhookVerdict } from './standard-webhooks';
export { MAX_MAIL_CLAIM, MAX_NOTICE_ATTEMPTS, MAX_NOTICE_CLAIM, MAX_REPLAY, TOLERANCE_SECONDS } from './defaults';
