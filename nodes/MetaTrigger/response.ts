import type { IWebhookFunctions } from 'n8n-workflow';

/** As much of the HTTP response as is used here. */
interface HttpResponse {
	status(code: number): HttpResponse;
	type(mimeType: string): HttpResponse;
	send(text: string): unknown;
	json(body: object): unknown;
}

/** The response itself: n8n's own ways to answer cannot say 401 or 503 without starting an execution. */
export function responseOf(context: IWebhookFunctions): HttpResponse {
	const response: unknown = context.getResponseObject();
	return response as HttpResponse;
}
