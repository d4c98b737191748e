import type { IDataObject, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

const IN_JSON = /^=\{\{ ?\$json(?:\.(\w+))? ?\}\}$/;

/** The two shapes of expression that our defaults use; anything else stays text. */
function resolve(value: unknown, json: IDataObject): unknown {
	if (typeof value === 'string') {
		const match = IN_JSON.exec(value);
		if (!match) return value.startsWith('=') ? `expression/${value.length}` : value;
		return match[1] ? json[match[1]] : json;
	}
	if (typeof value === 'object' && value !== null && 'mode' in value) {
		const locator = value as { mode: string; value: unknown };
		return { __rl: true, mode: locator.mode, value: resolve(locator.value, json) };
	}
	return value;
}

const shown = (property: INodeProperties, chosen: Record<string, unknown>): boolean =>
	Object.entries(property.displayOptions?.show ?? {}).every(([name, values]) =>
		(values as unknown[]).includes(chosen[name]),
	);

/** What the node would read for one item: the given values, else the defaults of the fields that show. */
export function parametersFor(
	properties: INodeProperties[],
	given: Record<string, unknown>,
	json: IDataObject,
): Record<string, unknown> {
	const chosen: Record<string, unknown> = { ...given };
	for (const property of properties) {
		if (!(property.name in chosen) && shown(property, chosen)) chosen[property.name] = resolve(property.default, json);
	}
	return chosen;
}

/** Every combination of resource and operation that the node offers; one empty choice where it has none. */
export function operationsOf(properties: INodeProperties[]): Array<Record<string, string>> {
	const values = (property: INodeProperties): string[] =>
		(property.options as INodePropertyOptions[]).map(({ value }) => String(value));
	const resources = properties.filter(({ name }) => name === 'resource').flatMap(values);
	const operations = properties.filter(({ name }) => name === 'operation');
	if (operations.length === 0) return [{}];
	if (resources.length === 0) return operations.flatMap(values).map((operation) => ({ operation }));
	return resources.flatMap((resource) =>
		operations
			.filter((property) => shown(property, { resource }))
			.flatMap(values)
			.map((operation) => ({ resource, operation })),
	);
}
