import type { IExecuteFunctions } from 'n8n-workflow';
import { readTurns, type MediaPorts, type TurnReading } from '../../../core/media';
import type { ClaimedTurn } from '../../../core/conversations';
import { FactoryError } from '../../../core/errors';
import { GRAPH_BASE_URL, GRAPH_VERSION } from '../../../core/meta';
import {
	hasOpenAi,
	itemJson,
	keptCredential,
	leasedTurn,
	modelPort,
	nodeVault,
	showFor,
	transcriptionPort,
	turnField,
	type MetaAppCredential,
	type Operation,
	type OperationCall,
} from '../../shared';

export const description: Operation['description'] = showFor({ operation: ['readTurn'] }, [
	{
		displayName:
			'Audio needs an OpenAI credential (a server that speaks like OpenAI will do). Images are looked at by the model of the agent, or by the one in the settings of the tenant. What cannot be read is said in the message, and the agent asks the customer to write.',
		name: 'mediaNotice',
		type: 'notice',
		default: '',
	},
	turnField,
]);

/** The turns of all items together: they share the memory and the lines to Meta and the models. */
export const executeAll: Operation['executeAll'] = async (calls) => {
	const answers: Array<object | Error> = [];
	const turns: Array<{ n: number; call: OperationCall; turn: ClaimedTurn }> = [];
	calls.forEach((call, n) => {
		try {
			turns.push({ n, call, turn: leasedTurn(call.context, call.itemIndex) });
		} catch (error) {
			answers[n] = error as Error;
		}
	});
	for (const database of new Set(turns.map(({ call }) => call.database))) {
		const own = turns.filter(({ call }) => call.database === database);
		const { context } = own[0].call;
		const readings = await readTurns(
			database,
			own.map(({ turn }) => turn),
			await mediaPorts(context),
		);
		hintAtCredential(context, readings.flat());
		own.forEach(({ n, call, turn }, place) => {
			answers[n] = { ...itemJson(call.context, call.itemIndex), ...turn, media: readings[place] };
		});
	}
	return answers;
};

/** The node reads the turns of all items together; one alone never comes here. */
export const execute: Operation['execute'] = async () => {
	throw new FactoryError('INTERNAL', 'Turns are read together. Please report this.');
};

async function mediaPorts(context: IExecuteFunctions): Promise<MediaPorts> {
	const app = context.getNode().credentials?.metaAppApi
		? await keptCredential<MetaAppCredential>(context, 'metaAppApi')
		: null;
	return {
		graph: {
			fetch: globalThis.fetch,
			baseUrl: app?.graphBaseUrl?.trim() || GRAPH_BASE_URL,
			version: app?.graphVersion?.trim() || GRAPH_VERSION,
		},
		vault: async () => await nodeVault(context),
		llm: async (model) => await modelPort(context, model),
		transcription: async () => await transcriptionPort(context),
		clock: () => performance.now(),
	};
}

function hintAtCredential(context: IExecuteFunctions, readings: readonly TurnReading[]): void {
	const unheard = readings.some(({ kind, errorCode }) => kind === 'audio' && errorCode === 'CREDENTIAL_MISSING');
	if (!unheard || hasOpenAi(context)) return;
	context.addExecutionHints({
		message: 'A customer sent audio, and this node has no OpenAI credential to write it down. Add one to the node.',
		location: 'outputPane',
	});
}
