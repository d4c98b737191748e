import { GRAPH_DEFAULTS } from './graph-defaults';
import { graphError } from './graph-errors';
import { FOREIGN_TARGET, scopesOf } from './graph-setup';
import { displayPhoneOf } from './graph-wire';
import type { HttpReply } from './http';

export interface GraphAccount {
	phoneNumberId: string;
	displayPhone: string;
	wabaId: string;
	name?: string;
}

/** Of a page's token, which here begins with PAGE. */
const PAGE_SCOPES = ['pages_manage_metadata', 'pages_manage_ads', 'leads_retrieval'];
const SCOPES = [
	'whatsapp_business_management',
	'whatsapp_business_messaging',
	'instagram_business_basic',
	'instagram_business_manage_messages',
	'pages_messaging',
	'pages_manage_metadata',
];
const SECONDS_A_DAY = 86_400;

/** `GET /debug_token`: EXPIRED... is over, EXPIRING... ends in a few days, every other token never ends; ALL... is for every account. */
export function debugToken(inputToken: string | null, accounts: GraphAccount[], now: Date): HttpReply {
	if (!inputToken)
		return graphError({ code: 100, message: '(#100) The parameter input_token is required.', product: 'page' });
	const seconds = Math.floor(now.getTime() / 1000);
	const expired = inputToken.startsWith('EXPIRED');
	const expiring = inputToken.startsWith('EXPIRING');
	const expiresAt = expired
		? seconds - SECONDS_A_DAY
		: expiring
			? seconds + GRAPH_DEFAULTS.expiringTokenDays * SECONDS_A_DAY
			: 0;
	const known = [...new Set(accounts.map((account) => account.wabaId))];
	const targets = inputToken.startsWith('FOREIGN') ? [FOREIGN_TARGET] : inputToken.startsWith('ALL') ? [] : known;
	const scopes = scopesOf(inputToken, inputToken.startsWith('PAGE') ? PAGE_SCOPES : SCOPES);
	const invalid = expired || inputToken.startsWith('INVALID');
	return {
		status: 200,
		body: {
			data: {
				app_id: '100000000000001',
				type: 'SYSTEM_USER',
				application: 'Agent Factory sandbox',
				data_access_expires_at: 0,
				expires_at: expiresAt,
				is_valid: !invalid,
				...(expired
					? { error: { code: 190, message: 'Error validating access token: Session has expired.', subcode: 463 } }
					: {}),
				scopes,
				granular_scopes: scopes.map((scope) => ({
					scope,
					// Without targets a permission holds for every account of its kind.
					...(targets.length > 0 && scope.startsWith('whatsapp') ? { target_ids: targets } : {}),
				})),
			},
		},
	};
}

/** `GET /{phone_number_id}`; `status`: what the number's own fields say differently. */
export function readNode(
	id: string,
	fields: string[],
	accounts: GraphAccount[],
	status: Record<string, unknown> = {},
): HttpReply {
	const node = { ...numberNode(id, accounts), ...status };
	if (fields.length === 0) return { status: 200, body: node };
	const picked = Object.entries(node).filter(([name]) => name === 'id' || fields.includes(name));
	return { status: 200, body: Object.fromEntries(picked) };
}

function numberNode(id: string, accounts: GraphAccount[]): Record<string, unknown> {
	const account = accounts.find((candidate) => candidate.phoneNumberId === id);
	return {
		verified_name: account?.name ?? 'Sandbox number',
		code_verification_status: 'VERIFIED',
		display_phone_number: account?.displayPhone ?? displayPhoneOf(id),
		quality_rating: 'GREEN',
		platform_type: 'CLOUD_API',
		throughput: { level: 'STANDARD' },
		status: 'CONNECTED',
		whatsapp_business_manager_messaging_limit: 'TIER_2K',
		id,
	};
}
