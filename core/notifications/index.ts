export { deliverNotices, retryDelaySeconds, type NoticeDelivery, type NoticePorts } from './deliver';
export {
	createEndpoint,
	createWebhookSecret,
	enableEndpoint,
	EVENT_TYPES,
	listEndpoints,
	webhookSecrets,
	type EventType,
	type NewEndpoint,
} from './endpoints';
export {
	createGuardedPost,
	guardedPost,
	isPublicAddress,
	urlProblem,
	type GuardedPost,
	type PostResult,
} from './guarded-post';
export { newSecret, signWebhook, verifyWebhook, type WebhookHeaders, type WebhookVerdict } from './standard-webhooks';
export { MAX_NOTICE_ATTEMPTS, MAX_NOTICE_CLAIM, TOLERANCE_SECONDS } from './defaults';
