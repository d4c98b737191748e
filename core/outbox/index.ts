export { deliverDue, type Delivery, type DeliverPorts } from './deliver';
export { listUnknown, sendDirect, settleUnknown, type DirectMessage, type QueuedMessage } from './messages';
export { sendPrivateReply, type PrivateReply } from './private-reply';
export { listTemplates, saveTemplate, type NewTemplate } from './templates';
export { submitTemplate, syncTemplates, type Submission, type TemplatePorts } from './template-sync';
export { type TemplateValues } from './template-values';
export {
	closeProactiveBreaker,
	getMessageUsage,
	getSendingSettings,
	importPrices,
	listPrices,
	PRICE_CATEGORIES,
	saveSendingSettings,
	setTypingSpeed,
	type MessagePrice,
	type SendingSettings,
} from './spending';
