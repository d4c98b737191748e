import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { INPUTS_WITH_MODEL } from '../../nodes/shared';
import { credentials, isTrigger, manifest, nodes, root, type LoadedNode } from './support/manifest';
import { operationsOf } from './support/parameters';

const table = nodes.map((loaded) => [loaded.className, loaded] as const);
const fileOf = ({ source }: LoadedNode, file: string): string => join(root, dirname(source), file);
const ICON = /^file:(.+\.svg)$/;

function everyProperty(properties: INodeProperties[]): INodeProperties[] {
	return properties.flatMap((property) => {
		const inner = (property.options ?? []).flatMap((option) =>
			'values' in option ? option.values : 'type' in option ? [option] : [],
		);
		return [property, ...everyProperty(inner)];
	});
}

test('package.json names every node and credential there is', () => {
	const folders = readdirSync(join(root, 'nodes')).filter((name) => name !== 'shared');
	expect(nodes.map(({ className }) => className).sort()).toEqual(folders.sort());
	const files = readdirSync(join(root, 'credentials')).map(
		(name) => `dist/credentials/${name.replace(/\.ts$/, '.js')}`,
	);
	expect([...manifest.credentials].sort()).toEqual(files.sort());
});

describe.each(table)('%s', (className, loaded) => {
	const { node } = loaded;
	const { description } = node;

	test('is called by its file and says what it does', () => {
		expect(description.name).toBe(className[0].toLowerCase() + className.slice(1));
		// An abbreviation is written in capitals where people read it.
		expect(description.displayName.replaceAll(' ', '').toLowerCase()).toBe(className.toLowerCase());
		expect(description.version).toEqual([1]);
		expect(description.subtitle).toBeTruthy();
		expect(description.description).toMatch(/^[A-Z].{20,}[^.]$/);
	});

	test('has an icon for light and for dark', () => {
		const icon = description.icon as { light: string; dark: string };
		const [light, dark] = [icon.light, icon.dark].map((name) => fileOf(loaded, ICON.exec(name)?.[1] ?? 'missing'));
		expect([existsSync(light), existsSync(dark)]).toEqual([true, true]);
		expect(readFileSync(light, 'utf8')).not.toBe(readFileSync(dark, 'utf8'));
	});

	test('is found by other words through its codex file', () => {
		const codex = JSON.parse(readFileSync(fileOf(loaded, `${className}.node.json`), 'utf8'));
		expect(codex.node).toBe(`n8n-nodes-agent-factory.${description.name}`);
		expect(codex.categories.length).toBeGreaterThan(0);
		// The node creator's search leaves out that category.
		expect(codex.categories).not.toContain('AI');
		expect(codex.alias.length).toBeGreaterThan(4);
	});

	test('is a tool unless it is a trigger', () => {
		expect(description.usableAsTool).toBe(isTrigger(loaded) ? undefined : true);
		const asksAModel = description.properties.some(({ name }) => name === 'modelSource');
		expect(description.inputs).toEqual(isTrigger(loaded) ? [] : asksAModel ? INPUTS_WITH_MODEL : ['main']);
		expect(className.endsWith('Trigger')).toBe(isTrigger(loaded));
	});

	test('explains every field', () => {
		const silent = everyProperty(description.properties).filter(
			({ name, type, description: words }) =>
				!words && !['notice', 'collection', 'hidden'].includes(type) && !['operation', 'resource'].includes(name),
		);
		expect(silent.map(({ name }) => name)).toEqual([]);
	});

	test('shows fields only for choices that exist', () => {
		const choices = new Map<string, string[]>();
		for (const { name, options, type } of everyProperty(description.properties)) {
			if (type !== 'options') continue;
			const values = ((options ?? []) as INodePropertyOptions[]).map(({ value }) => String(value));
			choices.set(name, [...(choices.get(name) ?? []), ...values]);
		}
		for (const { displayOptions } of everyProperty(description.properties)) {
			for (const [name, values] of Object.entries(displayOptions?.show ?? {})) {
				if (!choices.has(name)) continue;
				expect(choices.get(name)).toEqual(expect.arrayContaining((values as unknown[]).map(String)));
			}
		}
	});

	test('gives each operation a name and an action', () => {
		for (const { name, options } of description.properties.filter(({ name }) => name === 'operation')) {
			for (const option of options as INodePropertyOptions[]) {
				expect([name, option.name, option.action, option.description].every(Boolean)).toBe(true);
			}
		}
		expect(operationsOf(description.properties).length).toBeGreaterThan(0);
	});

	test('offers a list wherever something is picked', () => {
		const lists = everyProperty(description.properties).flatMap(
			({ modes }) => modes?.map(({ typeOptions }) => typeOptions?.searchListMethod).filter(Boolean) ?? [],
		);
		const offered = Object.keys(node.methods?.listSearch ?? {});
		expect(offered).toEqual(expect.arrayContaining(lists));
	});

	test('takes its database from n8n and tests its credentials by methods that exist', () => {
		expect(description.credentials?.map(({ name }) => name)).toContain('postgres');
		const testers = (description.credentials ?? [])
			.map(({ testedBy }) => testedBy)
			.filter((name) => typeof name === 'string');
		expect(Object.keys(node.methods?.credentialTest ?? {})).toEqual(expect.arrayContaining(testers));
	});

	test('only describes and routes', () => {
		expect(readFileSync(join(root, `${loaded.source}.ts`), 'utf8').split('\n').length).toBeLessThanOrEqual(121);
	});
});

describe.each(credentials.map((loaded) => [loaded.className, loaded] as const))('%s', (className, { made, source }) => {
	test('is named, documented, drawn and tested', () => {
		expect(made.name).toBe(className[0].toLowerCase() + className.slice(1));
		expect(made.documentationUrl).toMatch(/^https:\/\//);
		const icon = made.icon as { light: string; dark: string };
		const drawn = [icon.light, icon.dark].map((name) =>
			existsSync(join(root, dirname(source), ICON.exec(name)?.[1] ?? 'missing')),
		);
		expect(drawn).toEqual([true, true]);
		const testers = nodes
			.flatMap(({ node }) => node.description.credentials ?? [])
			.filter(({ name, testedBy }) => name === made.name && testedBy);
		expect(made.test ?? testers[0]?.testedBy).toBeTruthy();
	});

	test('masks every secret', () => {
		const secrets = made.properties.filter(({ name }) => /secret|token|key/i.test(name));
		expect(secrets.length).toBeGreaterThan(0);
		expect(secrets.every(({ typeOptions }) => typeOptions?.password)).toBe(true);
	});
});
