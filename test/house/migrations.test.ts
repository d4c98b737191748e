import { read, repositoryFiles } from './files';

const migrations = repositoryFiles().filter((file) => /^migrations\/.*\.sql$/.test(file));

test('migrations are numbered without a gap', () => {
	expect(migrations.map((file) => Number(/\/(\d{4})_[a-z0-9_]+\.sql$/.exec(file)?.[1]))).toEqual(
		migrations.map((_, index) => index + 1),
	);
});

describe.each(migrations)('%s', (file) => {
	const text = read(file);

	test('says first whether it breaks older processes', () => {
		expect(text).toMatch(/^-- breaking: (yes|no)\n-- \S/);
	});

	test('ends by securing the schema, unless it builds one index outside a transaction', () => {
		if (/^-- breaking: no\n-- transaction: none\n-- \S/.test(text)) return;
		expect(text.trimEnd()).toMatch(/\nselect secure_schema\(\);$/);
	});

	test('names no schema, so that it works in any', () => {
		expect(text).not.toMatch(/\bagent_factory\.(?!tenant_id|actor|crm_told|returned_by)[a-z]/);
		expect(text).not.toMatch(/\bpublic\.[a-z]/);
	});

	test('pins the search path of every function and explains every table, function and view', () => {
		const functions = [...text.matchAll(/^create (?:or replace )?function (\w+)[\s\S]*?\nas \$\$/gm)];
		const unpinned = functions.filter(([head]) => !head.includes('set search_path from current'));
		expect(unpinned.map(([, name]) => name)).toEqual([]);
		const made = [...text.matchAll(/^create (?:or replace )?(table|function|view) (\w+)/gm)];
		const silent = made.filter(([, kind, name]) => !new RegExp(`^comment on ${kind} ${name}\\b`, 'm').test(text));
		expect(silent.map(([, kind, name]) => `${kind} ${name}`)).toEqual([]);
	});
});
