import { toDatabaseError, type Database, type Finding } from '../database';
import type { GraphClient } from '../meta';
import { tokenBinding } from './channel-accounts';
import { LIST_LIMIT, TOKEN_WARNING_DAYS } from './defaults';
import type { Vault } from './vault';

interface AccountRow {
	tenant_id: string;
	tenant_slug: string;
	channel_account_id: string;
	kind: string;
	external_id: string;
	parent_id: string | null;
	status: string;
	paused_reason: string | null;
	access_token_encrypted: string | null;
	expires_in_days: number | null;
	has_agent: boolean;
}

/** The doctor's look at channel accounts: paused lanes, tokens that end, numbers without agent, and, with a Graph client, apps that are not subscribed. */
export async function checkAccounts(
	database: Database,
	ports?: { graph: GraphClient; vault: Vault },
): Promise<Finding[]> {
	let accounts: AccountRow[];
	try {
		accounts = (
			await database.pool.query<AccountRow>(`select * from ${database.qualified}list_accounts_to_check($1::integer)`, [
				LIST_LIMIT,
			])
		).rows;
	} catch (error) {
		throw toDatabaseError(error);
	}
	const findings = await Promise.all(
		accounts.map(async (account) => [...storedFacts(account), ...(ports ? await askMeta(account, ports) : [])]),
	);
	const all = findings.flat();
	return all.length > 0
		? all
		: [
				{
					check: 'channel_accounts',
					level: 'ok',
					message: `${accounts.length} channel account(s), nothing to report.`,
					repair: null,
				},
			];
}

const nameOf = (account: AccountRow): string => `${account.tenant_slug}, ${account.kind} ${account.external_id}`;

function storedFacts(account: AccountRow): Finding[] {
	const findings: Finding[] = [];
	if (account.status === 'paused') {
		findings.push({
			check: 'account_paused',
			level: 'problem',
			message: `${nameOf(account)} sends nothing: ${account.paused_reason}`,
			repair: 'Mend the reason, then resume the account with the Agent Factory node (Channel Account: Resume).',
		});
	}
	if (!account.access_token_encrypted) {
		findings.push({
			check: 'account_token',
			level: 'problem',
			message: `${nameOf(account)} has no access token.`,
			repair: 'Store one with the Agent Factory node (Channel Account: Set Access Token).',
		});
	}
	if (account.expires_in_days !== null && account.expires_in_days < TOKEN_WARNING_DAYS) {
		const when =
			account.expires_in_days <= 0 ? 'has expired' : `expires in ${Math.ceil(account.expires_in_days)} day(s)`;
		findings.push({
			check: 'account_token',
			level: account.expires_in_days <= 0 ? 'problem' : 'warning',
			message: `The token of ${nameOf(account)} ${when}.`,
			repair:
				"Make a new system user token in Meta's Business Settings and store it (Channel Account: Set Access Token).",
		});
	}
	if (!account.has_agent) {
		findings.push({
			check: 'account_agent',
			level: 'warning',
			message: `${nameOf(account)} has no agent with an active version: its conversations go to a person.`,
			repair:
				'Compile and activate a version with the Agent Compiler, and assign the agent (Channel Account: Assign Agent).',
		});
	}
	return findings;
}

async function askMeta(account: AccountRow, ports: { graph: GraphClient; vault: Vault }): Promise<Finding[]> {
	if (account.kind !== 'whatsapp' || !account.parent_id || !account.access_token_encrypted) return [];
	let token: string;
	try {
		token = ports.vault.decrypt(
			account.access_token_encrypted,
			tokenBinding(account.tenant_id, account.channel_account_id),
		);
	} catch (error) {
		return [
			{
				check: 'account_token',
				level: 'problem',
				message: `${nameOf(account)}: ${(error as Error).message}`,
				repair: 'Store the token again (Channel Account: Set Access Token).',
			},
		];
	}
	const answer = await ports.graph.subscribedApps({ token, wabaId: account.parent_id });
	if (!answer.ok) {
		return [
			{
				check: 'account_token',
				level: 'problem',
				message: `Meta refuses the token of ${nameOf(account)} (${answer.class.name}).`,
				repair: answer.class.advice,
			},
		];
	}
	const apps = (answer.data as { data?: unknown[] }).data ?? [];
	if (apps.length > 0) return [];
	return [
		{
			check: 'account_subscription',
			level: 'problem',
			message: `No app is subscribed to the business account ${account.parent_id} of ${nameOf(account)}: Meta sends no webhooks.`,
			repair: `POST /${account.parent_id}/subscribed_apps with the account's token (App Dashboard > WhatsApp > Configuration).`,
		},
	];
}
