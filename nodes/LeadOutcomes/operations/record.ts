import { randomUUID } from 'node:crypto';
import { OUTCOME_KINDS, recordOutcome, type OutcomeKind } from '../../../core/leads';
import { actorOf, locatorId, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { filledIn, textOf, timeOf } from '../../shared/text';
import { leadIdField } from '../fields';

/** In the list only: what the stage says. */
const BY_STAGE = 'byStage';

const NAMES: Record<OutcomeKind, string> = {
	bom: 'Verdict: Good (Bom)',
	ruim: 'Verdict: Bad (Ruim)',
	pessoal: 'Verdict: Personal (Pessoal)',
	spam: 'Verdict: Spam',
	concorrente: 'Verdict: Competitor (Concorrente)',
	opportunity: 'Opportunity',
	client: 'Client',
	rejected: 'Rejected',
	no_answer: 'No Answer',
};

export const description: Operation['description'] = showFor({ operation: ['record'] }, [
	tenantField(),
	leadIdField(),
	{
		displayName: 'Outcome',
		name: 'kind',
		type: 'options',
		options: [
			{ name: 'By Stage', value: BY_STAGE, description: 'A new stage says it: a stage that closes means won or lost' },
			...OUTCOME_KINDS.map((value) => ({ name: NAMES[value], value })),
		].sort((a, b) => a.name.localeCompare(b.name, 'en')),
		default: BY_STAGE,
		description: 'What became of the lead, or what the seller thinks of it',
	},
	{
		displayName: 'New Stage',
		name: 'newStage',
		type: 'string',
		required: true,
		displayOptions: { show: { kind: [BY_STAGE] } },
		default: '',
		placeholder: 'Proposta',
		description: 'Where the lead stands now, by name or type (lead, contact, proposal, negotiation, closed)',
	},
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: [
			{
				displayName: 'Happened At',
				name: 'at',
				type: 'dateTime',
				default: '',
				description: 'When it happened; now if left out',
			},
			{
				displayName: 'Idempotency Key',
				name: 'idempotencyKey',
				type: 'string',
				default: '',
				description: 'The same key again is the same outcome; a new one each time if left out',
			},
			{
				displayName: 'Stage',
				name: 'stage',
				type: 'string',
				default: '',
				placeholder: 'Proposta',
				description: 'The stage of the pipeline that goes with the outcome, by name or type',
			},
			{
				displayName: 'Who Says So',
				name: 'actor',
				type: 'string',
				default: '',
				description: 'Name or ID of the person; this workflow if left out',
			},
		],
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const kind = context.getNodeParameter('kind', itemIndex) as OutcomeKind | typeof BY_STAGE;
	const { at, ...more } = filledIn(call, 'additionalFields') as Record<string, string | undefined>;
	return await recordOutcome(database, tenant, {
		leadId: locatorId(call.context, 'leadId', call.itemIndex),
		kind: kind === BY_STAGE ? undefined : kind,
		source: 'person',
		stage: kind === BY_STAGE ? (textOf(call, 'newStage') ?? more.stage) : more.stage,
		actor: more.actor ?? actorOf(context),
		idempotencyKey: more.idempotencyKey ?? randomUUID(),
		at: timeOf('at', at),
	});
};
