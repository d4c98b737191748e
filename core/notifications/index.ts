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
export {
	createGuardedPost,
	guardedPost,
	isPublicAddress,
	publicLookup,
	urlProblem,
	type GuardedPost,
	type PostResult,
	type Resolve,
} from './guarded-post';
export { createGuardedRequest, guardedRequest, type GuardedRequest, type RequestResult } from './guarded-request';
export { claimMails, settleMail, type Mail } from './mail';
export { newSecret, signWebhook, verifyWebhook, type WebhookHeaders, type WebhookVerdict } from './standard-webhooks';
export { MAX_MAIL_CLAIM, MAX_NOTICE_ATTEMPTS, MAX_NOTICE_CLAIM, MAX_REPLAY, TOLERANCE_SECONDS } from './defaults';
