import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { ClaimedTurn } from '../../core/conversations';
import { FactoryError } from '../../core/errors';
import { jsonParameter } from './parameters';

/** The leased turn that the item carries from Queue Claim. */
export const turnField: INodeProperties = {
	displayName: 'Turn',
	name: 'turn',
	type: 'json',
	required: true,
	default: '={{ $json }}',
	description: 'The leased turn as Queue Claim put it out; nodes between may add fields to the item, not remove them',
};

const REQUIRED = ['tenantId', 'conversationId', 'turnId', 'leaseToken'] as const;

/** Reads the turn and refuses one that has lost its lease fields on the way. */
export function leasedTurn(context: IExecuteFunctions, itemIndex: number): ClaimedTurn {
	const turn = jsonParameter<Partial<ClaimedTurn> | null>(context, turnField.name, itemIndex);
	const missing = REQUIRED.find((field) => turn?.[field] === undefined || turn[field] === null);
	if (missing) {
		throw new FactoryError(
			'VALUE_REFUSED',
			`Field "turn" has no ${missing}. Feed this node the items of Queue Claim, with their fields kept.`,
			{
				item: 'turn',
			},
		);
	}
	return turn as ClaimedTurn;
}
