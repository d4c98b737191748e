import { FactoryError, isFactoryError } from '../errors';

/** SQLSTATE -> code of ours. ZF… are raised by our own functions (docs/errors.md). */
const BY_SQLSTATE: Record<string, { code: string; retryable: boolean; advice: string }> = {
	ZF001: { code: 'FROZEN', retryable: false, advice: 'Frozen rows never change: compile a new version.' },
	ZF002: {
		code: 'LEASE_LOST',
		retryable: false,
		advice: 'Another worker has this work now; nothing was written here.',
	},
	ZF003: { code: 'APPEND_ONLY', retryable: false, advice: 'This log only grows.' },
	ZF004: { code: 'NOT_FOUND', retryable: false, advice: 'Pick an existing one from the list.' },
	ZF005: { code: 'WRONG_STATE', retryable: false, advice: 'Look at its present state first.' },
	'23505': { code: 'ALREADY_EXISTS', retryable: false, advice: 'Choose another name, or use the one that is there.' },
	'23503': { code: 'NOT_FOUND', retryable: false, advice: 'Something it refers to does not exist for this tenant.' },
	'23514': { code: 'VALUE_REFUSED', retryable: false, advice: 'Correct the value.' },
	'22P02': { code: 'VALUE_REFUSED', retryable: false, advice: 'Correct the value.' },
	'42501': { code: 'GRANT_MISSING', retryable: false, advice: 'Run the doctor: it prints the grant that is missing.' },
	'42P01': {
		code: 'SCHEMA_MISSING',
		retryable: false,
		advice: 'Run the workflow 00-setup, or `npx n8n-nodes-agent-factory migrate apply`.',
	},
	'42883': {
		code: 'SCHEMA_TOO_OLD',
		retryable: false,
		advice: 'Run the workflow 00-setup, or `npx n8n-nodes-agent-factory migrate apply`.',
	},
	'3F000': {
		code: 'SCHEMA_MISSING',
		retryable: false,
		advice: 'Run the workflow 00-setup, or `npx n8n-nodes-agent-factory migrate apply`.',
	},
	'28P01': { code: 'DATABASE_LOGIN', retryable: false, advice: 'Check user and password of the Postgres credential.' },
	'28000': { code: 'DATABASE_LOGIN', retryable: false, advice: 'Check user and password of the Postgres credential.' },
	'3D000': {
		code: 'DATABASE_MISSING',
		retryable: false,
		advice: 'Check the database name of the Postgres credential.',
	},
	'40001': { code: 'DATABASE_BUSY', retryable: true, advice: 'Try again.' },
	'40P01': { code: 'DATABASE_BUSY', retryable: true, advice: 'Try again.' },
	'55P03': { code: 'DATABASE_BUSY', retryable: true, advice: 'Try again.' },
	'25006': {
		code: 'DATABASE_READ_ONLY',
		retryable: true,
		advice: 'It is a standby, or read-only for now. Point the Postgres credential to the primary.',
	},
	'57014': { code: 'DATABASE_TIMEOUT', retryable: true, advice: 'Try again; if it stays, look for long transactions.' },
};

/** Constraint and table names help; values may be a customer's text and stay out. */
function describe(error: { message?: string; table?: string; constraint?: string }, sqlState: string): string {
	const own = sqlState.startsWith('ZF');
	const where = [error.table && `table ${error.table}`, error.constraint && `rule ${error.constraint}`]
		.filter(Boolean)
		.join(', ');
	return own
		? `${(error.message ?? '').replace(/\.$/, '')}.`
		: `The database refused (${sqlState}${where ? `, ${where}` : ''}).`;
}

/** Any error of pg as a FactoryError; a FactoryError stays itself. Without SQLSTATE the database was not reached. */
export function toDatabaseError(error: unknown): FactoryError {
	if (isFactoryError(error)) return error;
	// A slip in our own code is no matter of the database.
	if (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError) {
		return new FactoryError('INTERNAL', 'The pack itself failed; please report this with the version.', {
			cause: error,
		});
	}
	const failure = error as { code?: string; message?: string; table?: string; constraint?: string };
	const sqlState = typeof failure?.code === 'string' && /^[0-9A-Z]{5}$/.test(failure.code) ? failure.code : null;
	if (!sqlState || sqlState.startsWith('08') || sqlState.startsWith('57P') || sqlState.startsWith('53')) {
		return new FactoryError(
			'DATABASE_AWAY',
			`The database does not answer (${sqlState ?? failure?.code ?? 'connection lost'}). Check that it runs and that the Postgres credential points to it.`,
			{
				retryable: true,
				cause: error,
				details: { constraint: failure?.constraint },
			},
		);
	}
	const known = BY_SQLSTATE[sqlState];
	return new FactoryError(
		known?.code ?? 'DATABASE_ERROR',
		`${describe(failure, sqlState)} ${known?.advice ?? 'Run the doctor.'}`,
		{
			retryable: known?.retryable ?? false,
			cause: error,
			details: { sqlState, table: failure.table, constraint: failure.constraint },
		},
	);
}
