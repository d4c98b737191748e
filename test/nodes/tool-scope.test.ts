import type { IExecuteFunctions } from 'n8n-workflow';
import { refuseModelsTenant } from '../../nodes/shared/tool-scope';

const contextOf = (type: string, tenant: unknown): IExecuteFunctions =>
	({ getNode: () => ({ type, parameters: { tenant } }) }) as unknown as IExecuteFunctions;
const AS_TOOL = 'n8n-nodes-agent-factory.askFactoryTool';
const byId = (value: string) => ({ __rl: true, mode: 'id', value });

test.each([
	'={{ $fromAI("tenant") }}',
	'={{ $fromai("tenant") }}',
	'={{ $json.tenantId }}',
	'={{ $input.first().json.tenantId }}',
	'={{ $("Tenant Resolver").first().json.tenantId || $json.tenantId }}',
	'={{ $("A").first().json[$json.key] }}',
	'=text {{ $json.tenantId }}',
])('as a tool a node refuses a tenant of %s', (value) => {
	for (const given of [value, byId(value)])
		expect(() => refuseModelsTenant(contextOf(AS_TOOL, given), 'tenant')).toThrow(/never on one that the model names/);
	expect(() => refuseModelsTenant(contextOf('n8n-nodes-agent-factory.askFactory', value), 'tenant')).not.toThrow();
});

test.each([
	'3f0c8e2a-7c1d-4f6e-9b1a-2d5e8c7f4a10',
	'={{ $("Tenant Resolver").first().json.tenantId }}',
	"={{ $('Tenant Resolver').item.json.tenant.id }}",
])('as a tool a node takes a tenant of %s', (value) => {
	expect(() => refuseModelsTenant(contextOf(AS_TOOL, byId(value)), 'tenant')).not.toThrow();
});
