export { assignLead, listLeads, setFavoriteLead, type LeadFilter } from './leads';
export {
	listMoves,
	listStages,
	moveLead,
	reorderStages,
	saveStage,
	STAGE_TYPES,
	type BoardStage,
	type StageChange,
	type StageType,
} from './stages';
