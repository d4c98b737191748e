import { allOf, read, repositoryFiles } from './files';

const files = repositoryFiles();
const sources = files.filter((file) => /^(core|nodes|cli|sandbox|credentials)\/.*\.ts$/.test(file));
const listed = allOf(read('docs/errors.md'), /^\| `([A-Z][A-Z0-9_]+)` +\|/gm);

/** The code is the first text in capitals after the call that makes the error. */
const THROWN = /(?:new FactoryError|llmError|notReady)\(\s*(?:[^'"`(),]*\?\?\s*)?'([A-Z][A-Z0-9_]+)'/g;

test('every error code stands in docs/errors.md, and nothing else does', () => {
	const tables = [
		...allOf(read('core/database/sql-errors.ts'), /code: '([A-Z][A-Z0-9_]+)'/g),
		...allOf(read('core/llm/errors.ts'), /^\t\| '([A-Z][A-Z0-9_]+)'/gm),
		...allOf(read('core/documents/errors.ts'), /^\t\| '([A-Z][A-Z0-9_]+)'/gm),
		...allOf(read('core/media/errors.ts'), /^\t\| '([A-Z][A-Z0-9_]+)'/gm),
	];
	const thrown = [...new Set([...sources.flatMap((file) => allOf(read(file), THROWN)), ...tables])].sort();
	expect(thrown.length).toBeGreaterThan(40);
	expect(listed).toEqual(thrown);
});

test('a FactoryError is made with its code in sight, so that the list can be checked', () => {
	const hidden = sources.flatMap((file) =>
		[...read(file).matchAll(/new FactoryError\(\s*([^'\s][^,]*),/g)].map((match) => `${file}: ${match[1]}`),
	);
	// `code` and `error.code` pass on what a typed source names.
	const unseen = hidden.filter((place) => !/: (error\.)?code$/.test(place));
	expect(unseen).toEqual(["core/database/sql-errors.ts: known?.code ?? 'DATABASE_ERROR'"]);
});

test('the codes that our SQL raises are the codes that core knows and the docs explain', () => {
	const raised = [
		...new Set(
			files.filter((file) => file.endsWith('.sql')).flatMap((file) => allOf(read(file), /errcode = '(ZF\w{3})'/g)),
		),
	].sort();
	expect(raised.length).toBeGreaterThan(0);
	expect(allOf(read('core/database/sql-errors.ts'), /^\t(ZF\w{3}):/gm)).toEqual(raised);
	expect(allOf(read('docs/errors.md'), /\b(ZF\w{3})\b/g)).toEqual(raised);
});
