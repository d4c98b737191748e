import { randomBytes, randomUUID } from 'node:crypto';
import type { IExecuteFunctions } from 'n8n-workflow';
import { callService, pause, type CalendarPorts, type ProviderName } from '../../core/crm';
import { isFactoryError } from '../../core/errors';
import { locatorId, nodeVault, type OperationCall } from '../shared';
import { isPicked, textOf } from '../shared/text';

/** What calendars need from outside, with the vault of this node. */
export const calendarPorts = async (context: IExecuteFunctions): Promise<CalendarPorts & { randomUuid(): string }> => ({
	call: callService,
	vault: await nodeVault(context),
	now: Date.now,
	randomBytes,
	randomUuid: randomUUID,
	sleep: pause,
});

/** A locator that may stay empty. */
export const pickedId = ({ context, itemIndex }: OperationCall, name: string): string | null =>
	isPicked(context.getNodeParameter(name, itemIndex, '')) ? locatorId(context, name, itemIndex) : null;

/** Which calendar the fields mean. */
export const choiceOf = (call: OperationCall) => ({
	calendarId: pickedId(call, 'calendar'),
	provider: (textOf(call, 'provider') as ProviderName | undefined) ?? null,
	agentId: textOf(call, 'agentId') ?? null,
});

export const minutesOf = ({ context, itemIndex }: OperationCall): number | null =>
	Number(context.getNodeParameter('durationMinutes', itemIndex, 0)) || null;

/** The result as it is, or as the answer of a tool: what went wrong is then for the agent, in words that may be told. */
export async function answered(call: OperationCall, work: () => Promise<object>): Promise<object> {
	if (call.context.getNodeParameter('answerAs', call.itemIndex, 'item') !== 'toolAnswer') return await work();
	try {
		return { ok: true, result: await work() };
	} catch (error) {
		if (!isFactoryError(error)) throw error;
		return { ok: false, error: { code: error.code, message: error.message } };
	}
}
