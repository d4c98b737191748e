import { resolveTools, toolId } from '../plugins';
import type { AgentSpec } from './spec';
import type { PromptTexts } from './prompt-texts';
import { hasOpeningHours } from './sentinel';

/** One section from a spec; null when there is nothing to say. */
type Section = (spec: AgentSpec, texts: PromptTexts, canary: string) => string | null;

const section = (title: string, lines: ReadonlyArray<string | null>): string =>
	[`# ${title}`, ...lines.filter((line) => line !== null && line !== '')].join('\n');
const bullets = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');
/** Owner's text must not close or open the tags that mark a document off. */
const untag = (text: string): string => text.replace(/<(\/?)(document)/giu, '‹$1$2');
const attribute = (text: string): string => untag(text).replace(/"/g, "'");

const identity: Section = ({ identity: self, business }, { identity: t }) =>
	section(t.title, [
		t.who(self.name, self.role, business.name),
		self.disclosesAutomation ? t.discloses : null,
		t.neverDenies,
	]);

const business: Section = ({ business: b }, { business: t }) => {
	const line = (label: string, value: string | undefined) => (value === undefined ? null : `${label}: ${value}`);
	return section(t.title, [
		line(t.name, b.name),
		line(t.type, b.type),
		line(t.description, b.description),
		line(t.site, b.site),
		line(t.address, b.address),
		line(t.phone, b.phone),
		line(t.email, b.email),
		line(t.taxId, b.taxId),
	]);
};

const goals: Section = (spec, { goals: t }) => section(t.title, [bullets(spec.goals)]);

const tone: Section = (spec, { tone: t }) => section(t.title, [`${t.tone}: ${spec.tone}`, t.language]);

const hours: Section = ({ openingHours, timeZone }, { hours: t }) => {
	if (!hasOpeningHours(openingHours)) return section(t.title, [t.always]);
	const { monday, tuesday, wednesday, thursday, friday, saturday, sunday } = openingHours;
	const days = [monday, tuesday, wednesday, thursday, friday, saturday, sunday];
	const lines = days.map((ranges, index) => {
		const times = ranges.map(({ from, to }) => `${from}-${to}`).join(', ');
		return `${t.days[index]}: ${times === '' ? t.closed : times}`;
	});
	return section(t.title, [bullets(lines), `${t.zone}: ${timeZone}`]);
};

const knowledge: Section = ({ documents }, { knowledge: t }) =>
	documents.length === 0
		? section(t.title, [t.none])
		: section(t.title, [
				t.rule,
				...documents.map(
					({ title, content }) => `<document title="${attribute(title)}">\n${untag(content)}\n</document>`,
				),
			]);

const qualification: Section = ({ qualificationQuestions: questions }, { qualification: t }) =>
	questions.length === 0
		? null
		: section(t.title, [t.rule, questions.map((question, index) => `${index + 1}. ${question}`).join('\n')]);

const handoff: Section = (spec, { handoff: t }) => section(t.title, [t.rule, bullets(spec.handoff.when)]);

const tools: Section = (spec, { tools: t }) => {
	const offered = resolveTools(spec.plugins, spec.language);
	if (offered.length === 0) return null;
	const line = (tool: (typeof offered)[number]) =>
		`${toolId(tool)}: ${tool.description} ${t.parameters}: ${JSON.stringify(tool.parameters)}`;
	return section(t.title, [t.rule, bullets(offered.map(line)), bullets(t.rules)]);
};

const limits: Section = (spec, { limits: t }) => {
	const list = (label: string, entries: readonly string[]) =>
		entries.length === 0 ? null : `${label}: ${entries.map((entry) => `"${entry}"`).join(', ')}.`;
	const links = spec.business.site === undefined ? spec.allowedLinks : [spec.business.site, ...spec.allowedLinks];
	return section(t.title, [
		t.messages(spec.limits.maxMessages),
		t.characters(spec.limits.maxCharacters),
		list(t.topics, spec.forbiddenTopics),
		list(t.phrases, spec.forbiddenPhrases),
		list(t.links, links) ?? t.noLinks,
		bullets(t.format),
	]);
};

/** The protected section without its marker: what must not be quoted back. */
export const protectedSection = (spec: AgentSpec, texts: PromptTexts): string =>
	section(texts.safety.title, [bullets([texts.safety.scope(spec.business.name), ...texts.safety.rules])]);

const safety: Section = (spec, texts, canary) => `${protectedSection(spec, texts)}\n${texts.safety.canary(canary)}`;

/** The protected rules come last of the base: what is read last weighs most. */
const SECTIONS: readonly Section[] = [
	identity,
	business,
	goals,
	tone,
	hours,
	knowledge,
	qualification,
	handoff,
	tools,
	limits,
	safety,
];

/** The frozen base prompt: the same for every turn, so that providers can cache it. */
export const renderBasePrompt = (spec: AgentSpec, texts: PromptTexts, canary: string): string =>
	SECTIONS.map((render) => render(spec, texts, canary))
		.filter((text) => text !== null)
		.join('\n\n');
