import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { answerChallenge as answerTo } from '../../core/meta';
import { noteHandshake } from '../../core/setup';
import { openNodeDatabase, type MetaAppCredential } from '../shared';
import { responseOf } from './response';

/** Meta's GET handshake: the challenge back as plain text, or 403. Starts nothing. */
export async function answerChallenge(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const { status, text } = await verdict(context);
	responseOf(context).status(status).type('text/plain').send(text);
	if (status === 200) await noteForChecklist(context);
	return { noWebhookResponse: true };
}

async function verdict(context: IWebhookFunctions): Promise<{ status: number; text: string }> {
	try {
		const { verifyToken } = await context.getCredentials<MetaAppCredential>('metaAppApi');
		const answer = answerTo(context.getQueryData() as Record<string, unknown>, verifyToken ?? '');
		if (answer.status !== 200) {
			context.logger.warn('Meta Trigger refused a verification: the verify token differs from the credential.', {
				nodeName: context.getNode().name,
			});
		}
		return answer;
	} catch {
		context.logger.error('Meta Trigger could not verify: its Meta App credential cannot be read.', {
			nodeName: context.getNode().name,
		});
		return { status: 503, text: 'try again' };
	}
}

/** The set-up page waits for it; Meta has its answer, whatever the database says. */
async function noteForChecklist(context: IWebhookFunctions): Promise<void> {
	try {
		const { schema } = context.getNodeParameter('options', {}) as { schema?: string };
		await noteHandshake(await openNodeDatabase(context, schema));
	} catch {
		context.logger.warn('Meta Trigger answered a verification and could not note it: the database is away.', {
			nodeName: context.getNode().name,
		});
	}
}
