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
export {
	button,
	escape,
	form,
	frame,
	list,
	note,
	PAGE_LANGUAGES,
	pageLanguage,
	paragraph,
	section,
	table,
	type Column,
	type PageLanguage,
	type PageSettings,
} from './html';
