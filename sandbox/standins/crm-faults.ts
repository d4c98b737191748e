import type { HttpHandler, HttpReply, HttpRequest, HttpRoutes } from './http';

/** What goes wrong with the next matching requests. */
export interface CrmFault {
	method?: string;
	/** Part of the path; any when absent. */
	path?: string;
	/** A status; `cut before` nothing was done, `cut after` it was done and the answer is lost; `html` a proxy's page. */
	fault: number | 'cut before' | 'cut after' | 'html';
	headers?: Record<string, string>;
	/** How many requests; one unless said, Infinity for as long as it stays. */
	times?: number;
}

export interface CrmRequest {
	method: string;
	path: string;
	query: Record<string, string>;
	body: unknown;
}

/** Keeps the faults of a CRM's stand-in and what it was asked, tokens left out. */
export function createCrmFaults(errorBody: (status: number) => unknown) {
	const faults: Array<Required<Pick<CrmFault, 'times'>> & CrmFault> = [];
	const requests: CrmRequest[] = [];
	const next = ({ method, path }: HttpRequest): CrmFault | undefined => {
		const fault = faults.find(
			(one) =>
				one.times > 0 && (one.method === undefined || one.method === method) && (!one.path || path.includes(one.path)),
		);
		if (fault) fault.times -= 1;
		return fault;
	};
	const faulty =
		(handler: HttpHandler): HttpHandler =>
		async (request): Promise<HttpReply | 'destroy'> => {
			const query = Object.fromEntries([...request.query].filter(([name]) => name !== 'token'));
			requests.push({ method: request.method, path: request.path, query, body: request.json() });
			const fault = next(request);
			if (!fault) return await handler(request);
			if (fault.fault === 'cut before') return 'destroy';
			if (fault.fault === 'cut after') {
				await handler(request);
				return 'destroy';
			}
			if (fault.fault === 'html') return { status: 200, body: '<html>502 Bad Gateway</html>' };
			return { status: fault.fault, headers: fault.headers, body: errorBody(fault.fault) };
		};
	return {
		requests,
		add: (fault: CrmFault): void => void faults.push({ times: 1, ...fault }),
		clear: (): void => void (faults.length = 0),
		wrap: (routes: HttpRoutes): HttpRoutes =>
			Object.fromEntries(Object.entries(routes).map(([route, handler]) => [route, faulty(handler)])),
	};
}
