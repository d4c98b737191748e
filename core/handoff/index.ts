export { ACTIONS, type HandoffAction } from './act';
export { connectChatwoot, type ChatwootPorts } from './chatwoot-connect';
export { receiveChatwoot, type ChatwootReceived } from './chatwoot-events';
export { editLabel, editShare, keepLabel, OUTCOMES, type HandoffOutcome, type Label } from './labels';
export { runHandoffJobs, type HandoffJobPorts } from './jobs';
export { createHandoffLink } from './links';
export { actOnHandoffPage, openHandoffPage, refusedPage, type HandoffPage } from './page';
export {
	getHandoffSettings,
	removeRecipient,
	saveHandoffSettings,
	saveRecipient,
	type HandoffSettings,
	type Recipient,
	type SettingsChange,
} from './settings';
export { escalateHandoffs, handoffFigures, listHandoffs, returnQuietHandoffs } from './work';
