/** Four projects: unit (no server), db (embedded Postgres), e2e (a real n8n), faults (parts that are killed and cut). */
const base = {
	testEnvironment: 'node',
	transform: {
		'^.+\\.ts$': [
			'@swc/jest',
			{
				jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
				module: { type: 'commonjs', ignoreDynamic: true },
			},
		],
	},
	modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.cache', '<rootDir>/.sandbox'],
};

module.exports = {
	projects: [
		{
			...base,
			displayName: 'unit',
			testMatch: ['<rootDir>/test/**/*.test.ts'],
			testPathIgnorePatterns: ['\\.db\\.test\\.ts$', '/test/e2e/', '/test/faults/'],
		},
		{
			...base,
			displayName: 'db',
			testMatch: ['<rootDir>/test/**/*.db.test.ts'],
			testPathIgnorePatterns: ['/test/e2e/'],
			globalSetup: '<rootDir>/test/support/postgres-setup.ts',
			globalTeardown: '<rootDir>/test/support/postgres-teardown.ts',
		},
		{
			...base,
			displayName: 'e2e',
			testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
			globalSetup: '<rootDir>/test/e2e/support/setup.ts',
			globalTeardown: '<rootDir>/test/e2e/support/teardown.ts',
		},
		{
			...base,
			displayName: 'faults',
			testMatch: ['<rootDir>/test/faults/**/*.test.ts'],
			globalSetup: '<rootDir>/test/support/postgres-setup.ts',
			globalTeardown: '<rootDir>/test/support/postgres-teardown.ts',
		},
	],
	// Jest leaves a core free by default: of two that is half. The projects e2e and faults run in band.
	maxWorkers: '100%',
	reporters: ['default', '<rootDir>/test/support/closing-line-reporter.js'],
	testTimeout: 60_000,
};
