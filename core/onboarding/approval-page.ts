import type { AgentSpec } from '../agents';
import { button, escape, form, frame, keptText, list, paragraph, problemSummary, section, textField } from '../pages';
import type { TestResult } from './conversation-test';
import { NOTE_MAX_CHARACTERS } from './defaults';
import { WEEKDAYS, type OnboardingLanguage } from './fields';
import { PAGE_WORDS } from './page-words';
import type { Onboarding } from './store';

function hours({ openingHours, timeZone }: AgentSpec, language: OnboardingLanguage): string {
	const words = PAGE_WORDS[language];
	const open = WEEKDAYS.filter((day) => openingHours[day].length > 0);
	if (open.length === 0) return paragraph(words.always);
	const lines = open.map(
		(day) =>
			`${words.days[WEEKDAYS.indexOf(day)]}: ${openingHours[day].map(({ from, to }) => `${from}–${to}`).join(', ')}`,
	);
	return list([...lines, timeZone]) + paragraph(words.outside[openingHours.outside]);
}

/** Every test item with what was said, as it was said. */
export function testTranscript(
	result: TestResult,
	override: { person: string; reason: string } | null,
	language: OnboardingLanguage,
): string {
	const words = PAGE_WORDS[language];
	const items = result.items.map(({ item, passed, transcript }) => {
		const lines = transcript.map(
			({ who, text }) =>
				`<blockquote class="${who}"><strong>${escape(who === 'agent' ? words.agent : words.customer)}:</strong> ${escape(text)}</blockquote>`,
		);
		const verdict = `<span class="${passed ? 'good' : 'bad'}">${escape(passed ? words.passed : words.failed)}</span>`;
		return `<details><summary>${escape(words.items[item])}: ${verdict}</summary>${lines.join('')}</details>`;
	});
	return items.join('') + (override ? paragraph(words.setAside(override.person, override.reason)) : '');
}

/** What the client asked to be changed, as it was typed, and why it was not taken. */
export interface RefusedNote {
	note: string;
	problem: 'missing' | 'tooLong';
}

/** What the client decides on. The buttons act; opening it changes nothing. */
export function approvalPage(
	onboarding: Onboarding,
	person: string,
	token: string,
	language: OnboardingLanguage,
	again?: RefusedNote,
): string {
	const words = PAGE_WORDS[language];
	const { spec, testResult, testOverride, testOverrideBy, documents, business } = onboarding;
	if (!spec) return failurePage({ code: 'ONBOARDING_CHANGED', message: '' }, language);
	const orNothing = (lines: readonly string[]): string => (lines.length === 0 ? paragraph(words.nothing) : list(lines));
	const override = testOverride && testOverrideBy ? { person: testOverrideBy, reason: testOverride } : null;
	const problem = again && (again.problem === 'missing' ? words.noteMissing : words.noteTooLong(NOTE_MAX_CHARACTERS));
	const note = textField({
		id: 'note',
		name: 'note',
		label: words.changesHint,
		value: again?.note,
		problem,
		isRequired: true,
		rows: 4,
	});
	const never = [...words.neverLines, spec.outOfScope.message];
	return frame(
		language,
		words.title(business),
		[
			problemSummary(language, problem ? [{ id: 'note', message: problem }] : []),
			paragraph(words.intro(person)),
			section(
				words.identity,
				paragraph(`${spec.identity.name}: ${spec.identity.role}`) + paragraph(spec.business.description),
			),
			section(words.goals, orNothing(spec.goals)),
			section(words.tone, paragraph(spec.tone)),
			section(words.questions, orNothing(spec.qualificationQuestions)),
			section(words.hours, hours(spec, language)),
			section(
				words.never,
				list(never) +
					(spec.forbiddenTopics.length > 0 ? paragraph(`${words.topics}: ${spec.forbiddenTopics.join(', ')}`) : ''),
			),
			section(words.handoff, orNothing(spec.handoff.when)),
			section(words.knows, orNothing(documents.map(({ title }) => title))),
			testResult ? section(words.test, testTranscript(testResult, override, language)) : '',
			form({ token, decision: 'approve' }, paragraph(words.approveHint) + button(words.approve, true)),
			section(words.changes, form({ token, decision: 'changes' }, note + button(words.sendChanges))),
		].join(''),
	);
}

export const decidedPage = (decided: 'approved' | 'rejected', language: OnboardingLanguage): string =>
	frame(language, PAGE_WORDS[language].thanks, paragraph(PAGE_WORDS[language].decided[decided]));

/** What is wrong, and what was typed when the link opened no more. */
export function failurePage(why: { code: string; message: string }, language: OnboardingLanguage, typed = ''): string {
	const { failedTitle, failures } = PAGE_WORDS[language];
	return frame(language, failedTitle, paragraph(failures[why.code] ?? why.message) + keptText(language, typed));
}
