import { compareWorkflow, shippedTemplates } from '../../../../core/shipped-workflows';
import { showFor, type Operation } from '../../../shared';
import { workflowField, workflowOf } from './fields';

export const description: Operation['description'] = showFor(
	{ resource: ['workflowTemplate'], operation: ['compare'] },
	[workflowField],
);

export const execute: Operation['execute'] = async (call) => compareWorkflow(workflowOf(call), shippedTemplates());
