import { extractText } from '../../../core/documents';
import { addDocumentFile, addDocumentText } from '../../../core/onboarding';
import { actorOf, requiredText, showFor, type Operation } from '../../shared';
import { refuse, textOf } from '../../shared/text';
import { codeField, named, refFor } from '../fields';
import { filesOf } from '../files';

export const description: Operation['description'] = showFor({ operation: ['addDocument'] }, [
	codeField,
	{
		displayName: 'Input Binary Field',
		name: 'binaryProperty',
		type: 'string',
		default: 'data',
		description: 'Name of the field with the file; not read when a text is given',
		hint: 'The name of the input binary field with the file',
	},
	{
		displayName: 'Title',
		name: 'title',
		type: 'string',
		default: '',
		description: 'Title of a text that is given here',
	},
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 6 },
		default: '',
		description: 'In place of a file',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const ref = refFor(call);
	const actor = actorOf(call.context);
	const text = textOf(call, 'text');
	if (text !== undefined) {
		const document = { title: requiredText(call, 'title'), content: text };
		return { ...named(ref), ...(await addDocumentText(call.database, ref, document, actor)) };
	}
	const property = requiredText(call, 'binaryProperty');
	const [file] = await filesOf(call, property);
	if (!file) throw refuse('binaryProperty', `names no file: the item has no binary field "${property}".`);
	return { ...named(ref), ...(await addDocumentFile(call.database, ref, file, extractText, actor)) };
};
