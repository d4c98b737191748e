/** Pages that workflows serve: one frame, one look, pictures without scripts. */
export {
	funnel,
	lineChart,
	niceMaximum,
	stackedChart,
	type Chart,
	type ChartMark,
	type FunnelStep,
	type Series,
} from './charts';
export { choiceField, inputField, keptText, problemSummary, textField, type FieldProblem } from './fields';
export { frame, type FrameLanguage, type PageSettings } from './frame';
export { escape, PAGE_LANGUAGES, pageLanguage, type PageLanguage } from './html';
export {
	button,
	form,
	list,
	navigation,
	note,
	pageLink,
	paragraph,
	plainList,
	reloadLink,
	section,
	table,
	type Column,
} from './parts';
