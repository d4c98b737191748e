import { toDatabaseError } from '../../../core/database/sql-errors';

const refusal = (message: string, code: string, rest: object = {}): Error =>
	Object.assign(new Error(message), { code, ...rest });

test.each(['agent 7 is deleted', 'agent 7 is deleted.'])(
	'a refusal of our own functions is told in full: %s',
	(text) => {
		expect(toDatabaseError(refusal(text, 'ZF005'))).toMatchObject({
			code: 'WRONG_STATE',
			message: 'agent 7 is deleted. Look at its present state first.',
		});
	},
);

test('a refusal of the database names table and rule, never a value', () => {
	const error = toDatabaseError(
		refusal('Key (name)=(Ana) already exists', '23505', { table: 'agents', constraint: 'agents_name_key' }),
	);
	expect(error).toMatchObject({ code: 'ALREADY_EXISTS', details: { sqlState: '23505' } });
	expect(error.message).toContain('23505, table agents, rule agents_name_key');
	expect(error.message).not.toContain('Ana');
});
