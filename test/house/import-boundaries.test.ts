/** An ES module for ESLint's sake; jest loads it the same way. */
const MODULE: string = './import-boundaries.mjs';
const load = async () =>
	(await import(MODULE)) as {
		boundaryProblem(file: string, source: string, typeOnly?: boolean): string | null;
	};

test.each([
	['core may not know n8n', 'core/agents/reply.ts', 'n8n-workflow'],
	['core may not reach into nodes', 'core/agents/reply.ts', '../../nodes/shared'],
	['a capability goes through the door of another', 'core/outbox/deliver.ts', '../tenancy/vault'],
	['also from a folder further down', 'core/agents/sentinel/run.ts', '../../llm/types'],
	['core/database knows no other capability', 'core/database/doctor.ts', '../tenancy'],
	['core/llm knows no other capability', 'core/llm/port.ts', '../database'],
	['pg belongs to core/database', 'core/outbox/deliver.ts', 'pg'],
	['a package that nobody agreed on', 'core/meta/verify.ts', 'lodash'],
	['a node may not use a driver', 'nodes/QueueClaim/QueueClaim.node.ts', 'pg'],
	['a node may not use the file system', 'nodes/QueueClaim/QueueClaim.node.ts', 'node:fs'],
	['a node goes through the door', 'nodes/QueueClaim/operations/claim.ts', '../../../core/conversations/turns'],
	['a node may not use another node', 'nodes/QueueClaim/QueueClaim.node.ts', '../OutboxSend/operations/deliver-due'],
	['the CLI goes through the door', 'cli/migrate.ts', '../core/database/doctor'],
])('%s', async (_why, file, source) => {
	const { boundaryProblem } = await load();
	expect(boundaryProblem(file, source)).toEqual(expect.any(String));
});

test.each([
	['core/outbox/deliver.ts', '../tenancy'],
	['core/outbox/deliver.ts', './defaults'],
	['core/agents/sentinel/run.ts', '../../llm'],
	['core/agents/sentinel/run.ts', '../types'],
	['core/database/pool.ts', '../errors'],
	['core/database/pool.ts', 'pg'],
	['nodes/QueueClaim/operations/claim.ts', '../../../core/conversations'],
	['nodes/QueueClaim/QueueClaim.node.ts', '../shared'],
	['nodes/shared/errors.ts', '../../core/errors'],
	['test/core/outbox/deliver.db.test.ts', '../../../core/outbox/deliver'],
])('%s may import %s', async (file, source) => {
	const { boundaryProblem } = await load();
	expect(boundaryProblem(file, source)).toBeNull();
});

test('a type of another part may be imported where its code may not', async () => {
	const { boundaryProblem } = await load();
	expect(boundaryProblem('core/tenancy/transaction.ts', 'pg', true)).toBeNull();
});
