import type { N8nInstance } from './process';

interface ListedExecution {
	id: string | number;
	workflowId: string;
	data?: { resultData?: { lastNodeExecuted?: string; error?: { message?: string; description?: string } } };
}

/** How the latest failed executions failed, one line each: the first thing to look at when no reply comes. */
export async function failedExecutions(n8n: Pick<N8nInstance, 'url' | 'apiKey'>, limit = 5): Promise<string[]> {
	const response = await fetch(`${n8n.url}/api/v1/executions?status=error&includeData=true&limit=${limit}`, {
		headers: { 'x-n8n-api-key': n8n.apiKey },
	});
	if (!response.ok) return [`n8n answered ${response.status} when asked for its failed executions`];
	const { data } = (await response.json()) as { data: ListedExecution[] };
	return data.map((execution) => {
		const result = execution.data?.resultData;
		const words = [result?.error?.message, result?.error?.description].filter(Boolean).join(' / ') || 'no message';
		return `execution ${execution.id} of workflow ${execution.workflowId}, node "${result?.lastNodeExecuted ?? '?'}": ${words}`;
	});
}
