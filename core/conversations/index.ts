export {
	claimTurns,
	completeTurn,
	completeTurns,
	leaseLost,
	SILENCE,
	loadTurn,
	renewLease,
	retryTurn,
	type Automation,
	type ClaimedTurn,
	type LoadedTurn,
	type SettledDecision,
	type SettledTurn,
	type TurnLease,
} from './turns';
export { answerTurn, type AnswerPorts, type TurnAnswer } from './answer-turn';
export { listDeadLetters, requeueDeadLetters, type DeadLetter } from './dead-letters';
export { handOff, listContacts, listConversations, listMessages, listReplies, resumeConversation } from './records';
export { startDispatcher, type DispatcherOptions, type WorkKind } from './dispatcher';
export { holdLeases, type HeldLeases } from './heartbeat';
export { discardDraft, listDrafts, sendDraft } from './drafts';
export { saveMenu, type AgentMenu } from './menus';
export { switchEverything, switchTenant, type AutomationSwitch } from './switches';
