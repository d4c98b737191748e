import n8n from '@n8n/eslint-plugin-community-nodes';
import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';
import { importBoundaries } from './test/house/import-boundaries.mjs';

const RUNS = [
	'core/**/*.ts',
	'nodes/**/*.ts',
	'credentials/**/*.ts',
	'cli/**/*.ts',
	'sandbox/**/*.ts',
	'bench/**/*.ts',
	'simulate/**/*.ts',
	'generate/**/*.ts',
];

/** Rules of n8n's self-hosted set that this pack cannot keep, each with its reason. */
const N8N_EXCEPTIONS = {
	// pg, zod, the model SDKs and a language detector are plain dependencies: n8n's installer installs them, and pg from n8n would
	// change with n8n and share its global type parsers (docs/decisions.md).
	'@n8n/community-nodes/no-runtime-dependencies': 'off',
	// Postgres, Anthropic and OpenAI credentials are n8n's own types: people have them already.
	'@n8n/community-nodes/no-credential-reuse': 'off',
	// Meta Trigger registers nothing at Meta: one callback URL serves a whole app, and switching a workflow off must not silence every tenant.
	'@n8n/community-nodes/webhook-lifecycle-complete': 'off',
	// It recognises secrets by name and takes "key" for none; the vault key is one.
	'@n8n/community-nodes/credential-unnecessary-password': 'off',
	// Core throws FactoryError; nodes/shared/errors.ts turns every one into a NodeOperationError with its item, in one place.
	'@n8n/community-nodes/require-node-api-error': 'off',
	// No public address of the project yet; an invented one would be worse.
	'@n8n/community-nodes/require-homepage': 'off',
};

const CLOCK = [
	{
		selector: 'CallExpression[callee.object.name="Date"][callee.property.name="now"]',
		message: 'Take the time as an argument.',
	},
	{ selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'Take the time as an argument.' },
	{
		selector: 'CallExpression[callee.object.name="Math"][callee.property.name="random"]',
		message: 'Take randomness as an argument.',
	},
];
const BARE_ERROR = {
	selector: 'NewExpression[callee.name=/^(Error|TypeError|RangeError)$/]',
	message: 'Use FactoryError: a code of docs/errors.md, what happened, to which item, what to do.',
};
const SLEEPS = [
	{
		selector: 'NewExpression[callee.name="Promise"] CallExpression[callee.name="setTimeout"]',
		message: 'No fixed delay: wait for a condition (test/support/wait-for.ts).',
	},
	{
		selector: 'ImportDeclaration[source.value=/^(node:)?timers\\/promises$/]',
		message: 'No fixed delay: wait for a condition (test/support/wait-for.ts).',
	},
	{
		selector:
			'CallExpression[callee.object.name="jest"][callee.property.name=/^(mock|doMock|setMock|unstable_mockModule)$/]',
		message: 'No fake of our own modules: pass another part in.',
	},
];

export default tseslint.config(
	{ ignores: ['**/node_modules/**', 'dist/**', '.cache/**', '.sandbox/**', 'coverage/**', 'test/e2e/artifacts/**'] },
	eslint.configs.recommended,
	{
		linterOptions: { reportUnusedDisableDirectives: 'error' },
		rules: {
			'no-empty': ['error', { allowEmptyCatch: false }],
			eqeqeq: ['error', 'always', { null: 'ignore' }],
			'no-console': 'error',
		},
	},
	{
		files: ['**/*.{js,cjs}'],
		languageOptions: {
			sourceType: 'commonjs',
			globals: { module: 'writable', exports: 'writable', require: 'readonly', process: 'readonly' },
		},
	},
	{
		files: ['**/*.ts'],
		extends: [tseslint.configs.recommendedTypeChecked],
		languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
		rules: {
			'@typescript-eslint/no-unused-vars': [
				'error',
				{ argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
			],
			'@typescript-eslint/consistent-type-imports': [
				'error',
				{ fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
			],
			'@typescript-eslint/no-explicit-any': 'error',
			'@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
			// Interfaces of n8n and of ports are asynchronous; an implementation that answers at once still fits.
			'@typescript-eslint/require-await': 'off',
			// Ports are interfaces whose functions close over their state: none reads `this`, so passing one on is safe.
			'@typescript-eslint/unbound-method': 'off',
			'@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
		},
	},
	{
		files: RUNS,
		plugins: { house: { rules: { 'import-boundaries': importBoundaries } } },
		rules: {
			'house/import-boundaries': 'error',
			'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
		},
	},
	{
		// Longer than 60 lines; this list may only shrink.
		files: ['sandbox/seed.ts', 'sandbox/standins/graph-statuses.ts'],
		rules: { 'max-lines-per-function': ['error', { max: 68, skipBlankLines: true, skipComments: true }] },
	},
	{
		files: ['core/**/*.ts'],
		rules: {
			'no-restricted-syntax': ['error', ...CLOCK, BARE_ERROR],
			// The browsers' `escape` looks like that of core/pages, and leaves quotes as they are.
			'no-restricted-globals': ['error', 'escape', 'unescape'],
		},
	},
	{
		files: ['nodes/**/*.ts', 'credentials/**/*.ts'],
		plugins: { '@n8n/community-nodes': n8n },
		rules: {
			...n8n.configs.recommendedWithoutN8nCloudSupport.rules,
			...N8N_EXCEPTIONS,
			// n8n types a parameter as anything it may hold; its text is checked where it is read.
			'@typescript-eslint/no-base-to-string': 'off',
		},
	},
	{
		files: ['package.json'],
		plugins: { '@n8n/community-nodes': n8n },
		languageOptions: { parser: tseslint.parser, parserOptions: { extraFileExtensions: ['.json'] } },
		rules: {
			...n8n.configs.recommendedWithoutN8nCloudSupport.rules,
			...N8N_EXCEPTIONS,
			'no-unused-expressions': 'off',
			'@typescript-eslint/no-unused-expressions': 'off',
		},
	},
	{
		files: ['test/**/*.ts'],
		rules: {
			'no-restricted-syntax': ['error', ...SLEEPS],
			// Bodies of webhooks and answers are looked into freely; the assertions are the check.
			'@typescript-eslint/no-explicit-any': 'off',
			'@typescript-eslint/no-base-to-string': 'off',
			// Libraries throw what they like, so tests do too.
			'@typescript-eslint/prefer-promise-reject-errors': 'off',
			'@typescript-eslint/no-unsafe-assignment': 'off',
			'@typescript-eslint/no-unsafe-member-access': 'off',
			'@typescript-eslint/no-unsafe-argument': 'off',
			'@typescript-eslint/no-unsafe-call': 'off',
			'@typescript-eslint/no-unsafe-return': 'off',
		},
	},
	{
		// The one place that waits: a condition, asked again until it holds.
		files: ['test/support/wait-for.ts'],
		rules: { 'no-restricted-syntax': 'off' },
	},
);
