import { refuse } from '../../../shared/text';

/** The payload field: an object, as JSON or as an expression gives it. */
export function jobPayload(given: unknown): Record<string, unknown> {
	let value = given;
	if (typeof given === 'string') {
		try {
			value = JSON.parse(given === '' ? '{}' : given);
		} catch {
			throw refuse('payload', 'is not JSON. Write e.g. {"leadId": "…"}.');
		}
	}
	if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
	throw refuse('payload', 'must be an object. Write e.g. {"leadId": "…"}.');
}
