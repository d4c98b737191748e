export default async function teardown(): Promise<void> {
	const failures = (await globalThis.agentFactorySandbox?.stop()) ?? [];
	if (failures.length > 0) throw new Error(`Not stopped cleanly: ${failures.join('; ')}`);
}
