import { TRANSCRIPTION_MODEL, updateMediaSettings, type MediaSettings } from '../../../core/media';
import { actorOf, refuse, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { filledIn } from '../../shared/text';

export const description: Operation['description'] = showFor({ operation: ['updateSettings'] }, [
	tenantField(),
	{
		displayName: 'Settings',
		name: 'settings',
		type: 'collection',
		placeholder: 'Add setting',
		default: {},
		options: [
			{
				displayName: 'Read Audio',
				name: 'audio',
				type: 'boolean',
				default: true,
				description: 'Whether voice messages and audio files are written down',
			},
			{
				displayName: 'Read Documents',
				name: 'documents',
				type: 'boolean',
				default: true,
				description: 'Whether PDF, Word and text files are read',
			},
			{
				displayName: 'Read Images',
				name: 'images',
				type: 'boolean',
				default: true,
				description: 'Whether a model looks at pictures',
			},
			{
				displayName: 'Transcription Model',
				name: 'transcriptionModel',
				type: 'string',
				default: TRANSCRIPTION_MODEL,
				description: 'Model of the OpenAI credential that writes audio down, e.g. whisper-1',
			},
			{
				displayName: 'Vision API',
				name: 'visionApi',
				type: 'options',
				options: [
					{ name: 'Chat Completions', value: 'chat_completions' },
					{ name: 'Responses', value: 'responses' },
				],
				default: 'responses',
				description: 'API of an OpenAI vision model; Ollama, vLLM and most proxies speak Chat Completions',
			},
			{
				displayName: 'Vision Model',
				name: 'visionModel',
				type: 'string',
				default: '',
				description: 'Model that looks at pictures; write "agent" to go back to the model of the agent',
			},
			{
				displayName: 'Vision Provider',
				name: 'visionProvider',
				type: 'options',
				options: [
					{ name: 'Anthropic', value: 'anthropic' },
					{ name: 'OpenAI', value: 'openai' },
				],
				default: 'openai',
				description: 'Whose the vision model is; needed with a vision model',
			},
		],
	},
]);

/** Gives pictures back to the agent's own model. */
const AGENTS_OWN = { visionModel: null, visionProvider: null, visionApi: null };

export const execute: Operation['execute'] = async ({ context, itemIndex, database }) => {
	const given = filledIn({ context, itemIndex }, 'settings') as Partial<MediaSettings>;
	if (given.visionModel && given.visionModel !== 'agent' && !given.visionProvider)
		throw refuse('settings', 'names a vision model without its provider. Add Vision Provider.');
	const changes = given.visionModel === 'agent' ? { ...given, ...AGENTS_OWN } : given;
	const tenant = await tenantId(context, database, itemIndex);
	return await updateMediaSettings(database, tenant, changes, actorOf(context));
};
