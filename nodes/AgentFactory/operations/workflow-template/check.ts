import { checkWorkflow, notImported, shippedTemplates, type Check } from '../../../../core/shipped-workflows';
import { showFor, type Operation, type OperationCall } from '../../../shared';
import { workflowField, workflowOf } from './fields';

export const description: Operation['description'] = showFor({ resource: ['workflowTemplate'], operation: ['check'] }, [
	workflowField,
	{
		displayName: 'Also List',
		name: 'alsoList',
		type: 'multiOptions',
		default: [],
		options: [
			{ name: 'Templates Not Imported', value: 'notImported', description: 'Those of which no workflow came in' },
			{ name: 'Workflows of Your Own', value: 'own', description: 'Those that are not of this package' },
		],
		description: 'What the list shows besides the workflows of this package that came in',
	},
]);

const alsoList = ({ context, itemIndex }: OperationCall): string[] =>
	context.getNodeParameter('alsoList', itemIndex, []) as string[];

export const execute: Operation['execute'] = async (call) => checkWorkflow(workflowOf(call), shippedTemplates());

/** All at once: what is missing shows only when all that is there was seen. */
export const executeAll: Operation['executeAll'] = async (calls) => {
	const templates = shippedTemplates();
	const found: Check[] = [];
	const answers = calls.map((call): Check[] | Error => {
		try {
			const check = checkWorkflow(workflowOf(call), templates);
			found.push(check);
			return check.template === null && !alsoList(call).includes('own') ? [] : [check];
		} catch (error) {
			return error instanceof Error ? error : new TypeError(String(error));
		}
	});
	const last = answers.at(-1);
	if (Array.isArray(last) && alsoList(calls.at(-1)!).includes('notImported'))
		last.push(...notImported(found, templates));
	return answers;
};
