import { z } from 'zod/v4';

import { graphError } from './graph-errors';
import type { HttpReply, HttpRoutes } from './http';

/** Body of `POST /_sandbox/leads`: a lead of a form, and how often reading it goes wrong first. */
const leadSchema = z.strictObject({
	id: z.string(),
	field_data: z.array(z.strictObject({ name: z.string(), values: z.array(z.string()) })),
	custom_disclaimer_responses: z.array(z.strictObject({ checkbox_key: z.string(), is_checked: z.string() })).optional(),
	ad_id: z.string().optional(),
	campaign_id: z.string().optional(),
	form_id: z.string().optional(),
	created_time: z.string().optional(),
	faults: z
		.array(
			z.strictObject({
				errorCode: z.number().int().optional(),
				httpStatus: z.number().int().min(400).max(599).optional(),
				retryAfterSeconds: z.number().int().optional(),
				/** Cuts the connection instead of answering. */
				drop: z.boolean().optional(),
			}),
		)
		.default([]),
});
type StoredLead = z.infer<typeof leadSchema>;

export interface LeadList {
	routes: HttpRoutes;
	/** `GET /{leadgen_id}`; an id that nobody stored is a lead of Ana's. */
	read(id: string, now: Date): HttpReply | 'destroy';
}

export function createLeadList(): LeadList {
	const leads = new Map<string, StoredLead>();
	const reads = new Map<string, number>();
	return {
		routes: {
			'POST /_sandbox/leads': (request) => {
				const parsed = leadSchema.safeParse(request.json());
				if (!parsed.success) return { status: 400, body: { error: z.prettifyError(parsed.error) } };
				leads.set(parsed.data.id, parsed.data);
				return { status: 200, body: { id: parsed.data.id } };
			},
			'GET /_sandbox/leads/:id/reads': ({ params }) => ({ status: 200, body: { reads: reads.get(params.id) ?? 0 } }),
		},
		read(id, now) {
			reads.set(id, (reads.get(id) ?? 0) + 1);
			const stored = leads.get(id);
			const fault = stored?.faults.shift();
			if (fault?.drop) return 'destroy';
			if (fault) {
				const reply = graphError({ code: fault.errorCode ?? 2, message: 'The stand-in was told so', product: 'page' });
				const headers = fault.retryAfterSeconds ? { 'retry-after': String(fault.retryAfterSeconds) } : undefined;
				return { ...reply, status: fault.httpStatus ?? reply.status, headers };
			}
			const { faults: _, ...lead } = stored ?? ana(id);
			return { status: 200, body: { created_time: now.toISOString().replace(/\.\d+Z$/, '+0000'), ...lead } };
		},
	};
}

const ana = (id: string): StoredLead => ({
	id,
	ad_id: '120000000000000001',
	form_id: '130000000000000001',
	field_data: [
		{ name: 'full_name', values: ['Ana Souza'] },
		{ name: 'phone_number', values: ['+5511900000001'] },
		{ name: 'email', values: ['ana@example.com'] },
	],
	faults: [],
});
