export { connectVoice, listVoiceConfigs, type NewVoiceConfig } from './configs';
export {
	closeCallTask,
	createCallTask,
	listCallTasks,
	tellDueCalls,
	updateVoiceSettings,
	type CallTaskMade,
	type NewCallTask,
	type VoiceSettings,
} from './tasks';
export { listCalls, receiveCallStatus, startCall, type CallToStart, type ReportVerdict } from './calls';
export type { CallReason, CallStatus, VoicePorts, VoiceProvider } from './types';
