import type { INodeProperties } from 'n8n-workflow';
import { readWorkflow, type Workflow } from '../../../../core/shipped-workflows';
import { jsonParameter, type OperationCall } from '../../../shared';

export const workflowField: INodeProperties = {
	displayName: 'Workflow',
	name: 'workflow',
	type: 'json',
	required: true,
	default: '={{ $json }}',
	description: "The workflow as n8n's own node (n8n > Workflow > Get Many), its API or an exported file gives it",
};

export const workflowOf = ({ context, itemIndex }: OperationCall): Workflow =>
	readWorkflow(jsonParameter(context, 'workflow', itemIndex));
