import type { ListedOperation } from '../../shared/resource';
import * as calibrate from './calibrate';
import * as canRun from './can-run';
import * as compare from './compare';
import * as judge from './judge';
import * as judgeConversation from './judge-conversation';
import * as judgeDue from './judge-due';
import * as scoreConversation from './score-conversation';

/** The Operation list, alphabetical. */
export const OPERATIONS: readonly ListedOperation[] = [
	{
		name: 'Calibrate',
		value: 'calibrate',
		action: 'Calibrate the judge',
		description: 'Hold the judge against conversations that people have scored, and say whether it may be trusted',
		run: calibrate,
	},
	{
		name: 'Can It Run?',
		value: 'canRun',
		action: 'Ask whether a target may be judged now',
		description: 'Say whether a target may be judged now, with every reason against it',
		run: canRun,
	},
	{
		name: 'Compare',
		value: 'compare',
		action: 'Compare replies',
		description: 'Compare replies of a candidate and of the version in service, in both orders',
		run: compare,
	},
	{
		name: 'Judge',
		value: 'judge',
		action: 'Judge a target over a window',
		description: 'Sample conversations and matured outcomes, judge them, decide, and write it to the log',
		run: judge,
	},
	{
		name: 'Judge All Due',
		value: 'judgeDue',
		action: 'Judge all due targets',
		description: 'Judge every persona and prompt whose last reflection is six hours old, of all tenants; one item each',
		run: judgeDue,
	},
	{
		name: 'Judge One Conversation',
		value: 'judgeConversation',
		action: 'Judge one conversation',
		description: 'Answer the checks of the rubric for one conversation, with the turns that show it',
		run: judgeConversation,
	},
	{
		name: 'Score Conversation',
		value: 'scoreConversation',
		action: 'Score a conversation by hand',
		description: 'Write down what a person thinks of a conversation; the judge is held against it',
		run: scoreConversation,
	},
];
