export { deliverDue, type Delivery, type DeliverPorts } from './deliver';
export { listUnknown, sendDirect, settleUnknown, type DirectMessage, type QueuedMessage } from './messages';
export { sendPrivateReply, type PrivateReply } from './private-reply';
export { listTemplates, saveTemplate, type NewTemplate } from './templates';
