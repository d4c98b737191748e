import type { Field } from './form-lead';

type Json = Record<string, unknown>;
const record = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string =>
	typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';

/** The fields of a lead as Graph tells it: the answers, the boxes of its disclaimer, the ids of ad and campaign. */
export const metaFields = (lead: Json): Field[] => [
	...list(lead.field_data).map((field): Field => {
		const { name, values } = record(field);
		return [text(name), list(values).map(text).join(', ')];
	}),
	...list(lead.custom_disclaimer_responses).map((box): Field => {
		const { checkbox_key, is_checked } = record(box);
		return [text(checkbox_key), is_checked === true || is_checked === '1' || is_checked === 1 ? 'yes' : 'no'];
	}),
	...['created_time', 'ad_id', 'adset_id', 'campaign_id', 'campaign_name', 'form_id'].map((name): Field => [
		name,
		text(lead[name]),
	]),
];
