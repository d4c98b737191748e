import { shippedTemplates, upgradeWorkflow } from '../../../../core/shipped-workflows';
import { showFor, type Operation } from '../../../shared';
import { workflowField, workflowOf } from './fields';

export const description: Operation['description'] = showFor(
	{ resource: ['workflowTemplate'], operation: ['upgrade'] },
	[workflowField],
);

export const execute: Operation['execute'] = async (call) => {
	const workflow = workflowOf(call);
	return { workflowId: workflow.id ?? null, ...upgradeWorkflow(workflow, shippedTemplates()) };
};
