import type { AgentSpec } from '../agents';
import type { TestResult } from './conversation-test';
import { NOTE_MAX_CHARACTERS } from './defaults';
import { WEEKDAYS, type OnboardingLanguage } from './fields';
import { escape, list, page, paragraph, section } from './html';
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
		const verdict = `<span class="${passed ? 'good' : 'wrong'}">${escape(passed ? words.passed : words.failed)}</span>`;
		return `<details><summary>${escape(words.items[item])}: ${verdict}</summary>${lines.join('')}</details>`;
	});
	return items.join('') + (override ? paragraph(words.setAside(override.person, override.reason)) : '');
}

/** What the client decides on. The buttons act; opening it changes nothing. */
export function approvalPage(
	onboarding: Onboarding,
	person: string,
	token: string,
	language: OnboardingLanguage,
	wrong?: 'note',
): string {
	const words = PAGE_WORDS[language];
	const { spec, testResult, testOverride, testOverrideBy, documents, business } = onboarding;
	if (!spec) return failurePage({ code: 'ONBOARDING_CHANGED', message: '' }, language);
	const orNothing = (lines: readonly string[]): string => (lines.length === 0 ? paragraph(words.nothing) : list(lines));
	const override = testOverride && testOverrideBy ? { person: testOverrideBy, reason: testOverride } : null;
	const hidden = (decision: string): string =>
		`<input type="hidden" name="token" value="${escape(token)}"><input type="hidden" name="decision" value="${decision}">`;
	const never = [...words.neverLines, spec.outOfScope.message];
	return page(
		language,
		words.title(business),
		[
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
			`<form method="post">${hidden('approve')}<p>${escape(words.approveHint)}</p><button class="main">${escape(words.approve)}</button></form>`,
			`<form method="post">${hidden('changes')}<h2>${escape(words.changes)}</h2><label>${escape(words.changesHint)}<textarea name="note" rows="4" maxlength="${NOTE_MAX_CHARACTERS}"></textarea></label>${wrong === 'note' ? `<p class="wrong">${escape(words.noteMissing)}</p>` : ''}<button>${escape(words.sendChanges)}</button></form>`,
		].join(''),
	);
}

export const decidedPage = (decided: 'approved' | 'rejected', language: OnboardingLanguage): string =>
	page(language, PAGE_WORDS[language].thanks, paragraph(PAGE_WORDS[language].decided[decided]));

export const failurePage = (why: { code: string; message: string }, language: OnboardingLanguage): string =>
	page(language, PAGE_WORDS[language].failedTitle, paragraph(PAGE_WORDS[language].failures[why.code] ?? why.message));
