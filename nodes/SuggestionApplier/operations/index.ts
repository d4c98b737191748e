import type { Operation } from '../../shared';
import * as advance from './advance';
import * as apply from './apply';
import * as approve from './approve';
import * as breakerClose from './breaker-close';
import * as breakerOpen from './breaker-open';
import * as createApprovalLink from './create-approval-link';
import * as decideByLink from './decide-by-link';
import * as dryRun from './dry-run';
import * as expire from './expire';
import * as gate from './gate';
import * as improve from './improve';
import * as lint from './lint';
import * as list from './list';
import * as monitor from './monitor';
import * as openApprovalLink from './open-approval-link';
import * as propose from './propose';
import * as reject from './reject';
import * as rollBack from './roll-back';
import * as startRollout from './start-rollout';
import * as suggestChange from './suggest-change';

export const OPERATIONS: Record<string, Operation> = {
	advance,
	apply,
	approve,
	breakerClose,
	breakerOpen,
	createApprovalLink,
	decideByLink,
	dryRun,
	expire,
	gate,
	improve,
	lint,
	list,
	monitor,
	openApprovalLink,
	propose,
	reject,
	rollBack,
	startRollout,
	suggestChange,
};
