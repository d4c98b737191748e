export { keptAnswers, readAnswers, type AnswerIssue, type Answers, type ReadAnswers } from './answers';
export {
	createOnboardingLink,
	decideOnboardingLink,
	openOnboardingLink,
	type ApprovalCard,
	type DecidedOnboarding,
} from './approval';
export { failurePage } from './approval-page';
export { cloneAgent, type ClonedAgent, type CloneRequest } from './clone';
export { answersInvalid, compileOnboarding, type Compiled } from './compile';
export { connectChannel, type ChannelToConnect, type ConnectedChannel, type ConnectStep } from './connect';
export {
	testConversation,
	TEST_ITEMS,
	type ItemResult,
	type TestItem,
	type TestPorts,
	type TestResult,
	type TestSubject,
} from './conversation-test';
export {
	DOCUMENT_MAX_BYTES,
	ONBOARDING_LINK_HOURS,
	REROUTE_ANSWER_HOURS,
	REROUTE_DAYS,
	TOKEN_REFRESH_DAYS,
} from './defaults';
export { addDocumentFile, addDocumentText, removeDocument, type ExtractText, type UploadedFile } from './documents';
export { FIELDS, PAGES, SECRET_FIELDS, type OnboardingLanguage, type PageName } from './fields';
export type { FormIssue, FormPage } from './forms';
export {
	readFirstMessage,
	sendFirstMessage,
	type FirstMessage,
	type FirstMessageResult,
	type FirstMessageState,
} from './first-message';
export { activateOnboarding, type LiveAgent } from './go-live';
export { refreshInstagramTokens, type TokenRefresh } from './instagram-tokens';
export {
	createReportLink,
	openReportLink,
	reportLines,
	reportPage,
	setupReport,
	type SetupItem,
	type SetupReport,
} from './report';
export { readAgain, rerouteEvents, type Rerouted } from './reroute';
export { overrideTest, runConversationTest, type RunTestPorts } from './run-test';
export {
	codeOf,
	readOnboarding,
	refOf,
	saveAnswers,
	startOnboarding,
	type Onboarding,
	type OnboardingRef,
	type OnboardingState,
} from './store';
export {
	showFirstMessage,
	showReview,
	submitPage,
	type SubmittedPage,
	type WizardPorts,
	type WizardStep,
} from './wizard';
