import { z } from 'zod/v4';
import type { Database } from '../database';
import { FactoryError } from '../errors';
import { inTenant } from '../tenancy';

const words = z.array(z.string().trim().min(1).max(60)).max(50).default([]);
const menuSchema = z
	.object({
		greeting: z.string().trim().min(1, 'is empty').max(900, 'is longer than 900 characters'),
		active: z.boolean().default(true),
		routes: z
			.array(
				z.object({
					key: z.string().trim().max(10, 'is longer than 10 characters').default(''),
					label: z.string().trim().max(60, 'is longer than 60 characters').default(''),
					words,
					contactTypes: words,
					agentId: z.uuid('is no agent: pick one from the list'),
				}),
			)
			.min(1, 'has no entry: add a route')
			.max(20, 'has more than 20 entries'),
	})
	.refine(({ routes }) => routes.every(({ key, label }) => (key === '') === (label === '')), {
		path: ['routes'],
		message: 'has an option with a key and no label, or the other way round',
	})
	.refine(
		({ routes }) => {
			const keys = routes.map(({ key }) => key.toLowerCase()).filter((key) => key !== '');
			return new Set(keys).size === keys.length;
		},
		{ path: ['routes'], message: 'has two options with the same key' },
	);

export type AgentMenu = z.input<typeof menuSchema>;

/** Stores the opening menu and the routes of a channel account, in place of those before. */
export async function saveMenu(
	database: Database,
	tenantId: string,
	channelAccountId: string,
	menu: AgentMenu,
	actor?: string,
): Promise<{ routes: number }> {
	const parsed = menuSchema.safeParse(menu);
	if (!parsed.success) {
		const [{ path, message }] = parsed.error.issues;
		const field = String(path[0] ?? 'routes');
		throw new FactoryError('VALUE_REFUSED', `Field "${field}" ${message}. Correct it.`, { item: field });
	}
	const { greeting, active, routes } = parsed.data;
	return await inTenant(
		database,
		tenantId,
		async (db) =>
			(await db.one<{ routes: number }>(
				`select save_agent_menu($1::uuid, $2::uuid, $3::text, $4::boolean, $5::jsonb) as routes`,
				[tenantId, channelAccountId, greeting, active, JSON.stringify(routes)],
			))!,
		{ actor },
	);
}
