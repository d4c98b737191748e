import { randomBytes, randomUUID } from 'node:crypto';
import {
	readOnboarding,
	refOf,
	saveAnswers,
	startOnboarding,
	readAnswers,
	type Answers,
} from '../../../core/onboarding';
import { actorOf, jsonParameter, showFor, type Operation } from '../../shared';
import { refuse, textOf } from '../../shared/text';
import { languageField, languageOf, named } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['saveAnswers'] }, [
	{
		displayName: 'Onboarding Code',
		name: 'resumeCode',
		type: 'string',
		default: '',
		description: 'Empty for a new client',
	},
	{
		displayName: 'Answers',
		name: 'answers',
		type: 'json',
		required: true,
		default: '{\n  "businessName": "FitPro",\n  "businessType": "academia",\n  "agentName": "Bia"\n}',
		description: 'Answers by field, as the form names them; lists one entry a line or as a JSON list',
	},
	languageField,
]);

export const execute: Operation['execute'] = async (call) => {
	const actor = actorOf(call.context);
	const answers = jsonParameter<Answers | null>(call.context, 'answers', call.itemIndex);
	if (typeof answers !== 'object' || answers === null || Array.isArray(answers))
		throw refuse('answers', 'must be a JSON object.');
	const code = textOf(call, 'resumeCode');
	const fresh = { newId: randomUUID(), slugSuffix: randomBytes(3).toString('hex') };
	const ref = code
		? refOf(code)
		: await startOnboarding(call.database, { answers, language: languageOf(call), person: actor, ...fresh }, actor);
	if (code) await saveAnswers(call.database, ref, answers, actor);
	const onboarding = await readOnboarding(call.database, ref);
	const { issues } = readAnswers(onboarding.answers, [], onboarding.language);
	return { ...named(ref), state: onboarding.state, answers: onboarding.answers, issues };
};
