import type { HttpCall } from '../../http';
import type { Vault } from '../../tenancy';
import type { CallService } from '../connect';

export const PROVIDERS = ['pipedrive', 'rd_station'] as const;
export type Provider = (typeof PROVIDERS)[number];
export const PROVIDER_NAMES: Record<Provider, string> = { pipedrive: 'Pipedrive', rd_station: 'RD Station CRM' };

export type DealStatus = 'open' | 'won' | 'lost';

/** A deal as a CRM tells it, in our words. */
export interface RemoteDeal {
	externalId: string;
	stage: string | null;
	status: DealStatus;
	/** When the CRM says it last changed. */
	at: string | null;
}

export interface RemoteStage {
	externalId: string;
	name: string;
	pipelineId: string;
	pipelineName: string;
	order: number;
}

/** The person behind a deal. */
export interface Person {
	name: string;
	phone: string | null;
	email: string | null;
}

export interface NewDeal {
	title: string;
	/** Ties the deal to its lead: by it the deal is found again. */
	mark: string;
	person: Person;
	personId: string | null;
	status: DealStatus;
	stage: string | null;
	pipelineId: string | null;
	ownerId: string | null;
	value: number | null;
}

/** One tenant's account at a CRM, with all that a call needs. */
export interface Account {
	integrationId: string;
	provider: Provider;
	baseUrl: string | null;
	token: string;
	/** Of an account that was connected by link: a token that works now, or another one than that. `token` is empty then. */
	bearer?: (refused?: string) => Promise<string>;
	allowLocal: boolean;
	markField: string | null;
	pipelineId: string | null;
}

/** A webhook as the CRM has it. */
export interface RemoteWebhook {
	externalId: string;
	url: string;
	isActive: boolean;
}

/** What one CRM can do; every method is one or a few calls. */
export interface CrmAdapter {
	/** Who the token belongs to: fails as CRM_TOKEN_REFUSED when it is not valid. */
	me(): Promise<{ accountName: string }>;
	stages(): Promise<RemoteStage[]>;
	/** A field of the CRM that holds our mark; null where the mark goes into the title. */
	prepareMark(): Promise<string | null>;
	/** Absent where the deal brings its person along. */
	people?: {
		find(person: Person, since: string | null): Promise<string | null>;
		create(person: Person): Promise<string>;
	};
	findDeal(mark: string, personId: string | null): Promise<RemoteDeal | null>;
	createDeal(deal: NewDeal): Promise<RemoteDeal>;
	/** Adds a note to a deal that has none of the same words. */
	addNote(externalId: string, text: string, ownerId: string | null): Promise<void>;
	moveDeal(externalId: string, to: { stage: string | null; status: DealStatus }): Promise<RemoteDeal>;
	getDeal(externalId: string): Promise<RemoteDeal | null>;
	/** Deals that changed since then, page by page; absent where the CRM cannot be asked so. */
	changedSince?(since: string): AsyncGenerator<RemoteDeal[]>;
	/** Webhooks of deals, as far as the token sees them. */
	webhooks: {
		list(): Promise<RemoteWebhook[]>;
		create(url: string): Promise<string>;
		remove(externalId: string): Promise<void>;
	};
	/** What a webhook's body says of a deal; null: of something else. */
	readWebhook(body: unknown): RemoteDeal | null;
}

export interface CrmPorts {
	request: HttpCall;
	/** For the token address of a CRM. */
	call: CallService;
	sleep(milliseconds: number): Promise<void>;
	vault: Vault;
	now(): number;
	random(): number;
	randomBytes(size: number): Buffer;
	randomId(): string;
}
