import type { PageLanguage } from '../pages';
import { EN } from './words-en';
import { PT_BR } from './words-pt-br';

export interface Words {
	title: string;
	operatorTitle: string;
	views: Record<'overview' | 'replies' | 'versions', string>;
	lastDays(days: number): string;
	counted(at: string): string;
	neverCounted: string;
	asTable: string;
	day: string;
	noData: string;
	nothingStuck: string;
	since(at: string): string;
	sections: Record<'now' | 'talk' | 'leads' | 'loop' | 'money' | 'sending' | 'limits' | 'kpis' | 'tenants', string>;
	tiles: Record<
		| 'inbound'
		| 'conversations'
		| 'answerP50'
		| 'answerP90'
		| 'firstAnswer'
		| 'hotAnswer'
		| 'hot'
		| 'clients'
		| 'usd'
		| 'waiting',
		string
	>;
	charts: Record<'messages' | 'waits' | 'classes' | 'cost', string>;
	series: Record<'inbound' | 'byAgent' | 'byPeople' | 'p50' | 'p90' | 'model' | 'meta', string>;
	funnel: string;
	funnelSteps: Record<'wrote' | 'classified' | 'leads' | 'hot' | 'qualified' | 'opportunities' | 'clients', string>;
	change(target: string, version: number | null, kind: string): string;
	targets: Record<string, string>;
	kinds: Record<string, string>;
	stages: Record<string, string>;
	states: Record<string, string>;
	columns: Record<
		| 'target'
		| 'version'
		| 'stage'
		| 'people'
		| 'conversion'
		| 'score'
		| 'since'
		| 'state'
		| 'created'
		| 'arms'
		| 'limit'
		| 'used'
		| 'most'
		| 'figure'
		| 'value'
		| 'over'
		| 'status'
		| 'count'
		| 'at'
		| 'name'
		| 'messages'
		| 'newConversations'
		| 'health'
		| 'action'
		| 'evidence'
		| 'precision',
		string
	>;
	noLimit: string;
	limits: Record<string, string>;
	periods: Record<string, string>;
	kpis: Record<string, string>;
	units: Record<string, string>;
	reflections: string;
	suggestions: string;
	rollouts: string;
	open: string;
	costs(model: string, meta: string): string;
	unpriced(count: number): string;
	perConversation: string;
	perClient: string;
	statuses: Record<string, string>;
	outboxNow(pending: number, unknown: number): string;
	noAccess: string;
}

export const DASHBOARD_WORDS: Record<PageLanguage, Words> = { en: EN, 'pt-BR': PT_BR };
