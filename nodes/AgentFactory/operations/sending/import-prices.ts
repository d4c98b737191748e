import { importPrices, type MessagePrice } from '../../../../core/outbox';
import { actorOf, itemJson, showFor, tenantField, tenantId, type Operation, type OperationCall } from '../../../shared';
import { asText } from '../../../shared/text';

export const description: Operation['description'] = showFor({ resource: ['sending'], operation: ['importPrices'] }, [
	tenantField(),
	{
		displayName:
			'Each item is a line: category (MARKETING, UTILITY, AUTHENTICATION or SERVICE), countryPrefix (e.g. 55), validFrom (e.g. 2026-10-01), price, source; and, where they apply, currency with usdPerUnit, and country (e.g. BR) for people who show no number. Meta publishes the rates of your business in its Business Manager.',
		name: 'pricesNotice',
		type: 'notice',
		default: '',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const [answer] = await executeAll([call]);
	if (answer instanceof Error) throw answer;
	return answer;
};

/** The lines of a tenant at once: all or none of them. */
export const executeAll = async (calls: OperationCall[]): Promise<Array<object | Error>> => {
	const answers = new Map<OperationCall, object | Error>();
	const groups = new Map<string, OperationCall[]>();
	for (const call of calls) {
		try {
			const tenant = await tenantId(call.context, call.database, call.itemIndex);
			groups.set(tenant, [...(groups.get(tenant) ?? []), call]);
		} catch (error) {
			answers.set(call, error as Error);
		}
	}
	for (const [tenant, group] of groups) {
		const lines = group.map(lineOf);
		const saved = await importPrices(group[0].database, tenant, lines, actorOf(group[0].context)).catch(
			(error: Error) => error,
		);
		group.forEach((call, index) => {
			answers.set(call, saved instanceof Error ? saved : { tenantId: tenant, ...lines[index] });
		});
	}
	return calls.map((call) => answers.get(call)!);
};

function lineOf({ context, itemIndex }: OperationCall): MessagePrice {
	const row = itemJson(context, itemIndex);
	const text = (...names: string[]): string =>
		asText(names.map((name) => row[name]).find((value) => value != null)).trim();
	const number = (...names: string[]): number => (text(...names) === '' ? Number.NaN : Number(text(...names)));
	const currency = text('currency').toUpperCase();
	const rate = number('usdPerUnit', 'usd_per_unit');
	return {
		category: text('category').toUpperCase() as MessagePrice['category'],
		countryPrefix: text('countryPrefix', 'country_prefix').replace(/^\+/, ''),
		validFrom: text('validFrom', 'valid_from').slice(0, 10),
		country: text('country').toUpperCase() || null,
		price: number('price'),
		...(currency ? { currency } : {}),
		...(Number.isNaN(rate) ? {} : { usdPerUnit: rate }),
		source: text('source'),
	};
}
