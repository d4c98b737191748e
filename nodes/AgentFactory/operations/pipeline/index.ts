import type { Resource } from '../../../shared/resource';
import * as getMany from './get-many';
import * as getMoves from './get-moves';
import * as moveLead from './move-lead';
import * as reorderStages from './reorder-stages';
import * as saveStage from './save-stage';

export const pipeline: Resource = {
	name: 'Pipeline',
	value: 'pipeline',
	default: 'getMany',
	operations: [
		{
			name: 'Get Many',
			value: 'getMany',
			action: 'Get the stages of the pipeline',
			description: "The board: each stage in order with its leads, how many are hot and how many in nobody's hands",
			run: getMany,
		},
		{
			name: 'Get Moves',
			value: 'getMoves',
			action: 'Get the moves of the pipeline',
			description: 'Who moved which lead from where to where, newest first',
			run: getMoves,
		},
		{
			name: 'Move Lead',
			value: 'moveLead',
			action: 'Move a lead to another stage',
			description: 'A person moves a lead on the board; the outcome and the deal in the CRM follow',
			run: moveLead,
		},
		{
			name: 'Reorder Stages',
			value: 'reorderStages',
			action: 'Reorder the stages of the pipeline',
			description: 'Put the stages into another order; those that are not named come after',
			run: reorderStages,
		},
		{
			name: 'Save Stage',
			value: 'saveStage',
			action: 'Create or rename a stage',
			description: 'Add a stage at the end of the board, or rename or recolour one',
			run: saveStage,
		},
	],
};
