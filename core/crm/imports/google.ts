import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod/v4';
import { FactoryError } from '../../errors';
import type { Field } from './form-lead';

/** Ids come as text or as number. */
const id = z.union([z.string(), z.number()]).transform(String);
/** What a Google Ads lead form posts; what is not named here is left aside. */
const bodySchema = z.object({
	lead_id: id,
	google_key: z.string(),
	user_column_data: z
		.array(
			z.object({
				column_id: z.string().optional(),
				column_name: z.string().optional(),
				string_value: z.string().optional(),
			}),
		)
		.max(100),
	campaign_id: id.optional(),
	adgroup_id: id.optional(),
	creative_id: id.optional(),
	form_id: id.optional(),
	gcl_id: z.string().optional(),
	lead_submit_time: z.string().optional(),
	is_test: z.boolean().optional(),
});
export type GoogleLeadBody = z.infer<typeof bodySchema>;

export function readGoogleBody(body: unknown): GoogleLeadBody {
	const parsed = bodySchema.safeParse(body);
	if (parsed.success) return parsed.data;
	const where = parsed.error.issues[0]?.path.join('.') ?? '';
	throw new FactoryError(
		'IMPORT_UNREADABLE',
		`The body is no lead of a Google Ads form${where ? `: ${where} is missing or of another kind` : ''}.`,
	);
}

/** In constant time, so that answers do not tell how much of a guess was right. */
export function isLeadKey(given: string, expected: string): boolean {
	const [a, b] = [Buffer.from(given), Buffer.from(expected)];
	const length = Math.max(a.length, b.length, 1);
	const padded = (key: Buffer): Buffer => Buffer.concat([key], length);
	return timingSafeEqual(padded(a), padded(b)) && a.length === b.length && a.length > 0;
}

/** The answers by the names of Google's columns (FULL_NAME, EMAIL, PHONE_NUMBER ...), and where the lead came from. */
export const googleFields = (body: GoogleLeadBody): Field[] => [
	...body.user_column_data.map((column): Field => [
		column.column_id ?? column.column_name ?? '',
		column.string_value ?? '',
	]),
	...(['campaign_id', 'adgroup_id', 'creative_id', 'form_id', 'gcl_id', 'lead_submit_time'] as const).flatMap(
		(name): Field[] => (body[name] === undefined ? [] : [[name, body[name]]]),
	),
];
