import { escape, frame, list, note, paragraph, reloadLink, type PageLanguage } from '../pages';
import type { ChecklistItem } from './checklist';
import { CHECKLIST_REFRESH_SECONDS } from './defaults';
import { SETUP_WORDS } from './words';

/** The checklist: what is done, what is next, and how. For who wants it, it looks again by itself until all is done. */
export function checklistPage(
	language: PageLanguage,
	items: readonly ChecklistItem[],
	{ token, isReloading }: { token: string; isReloading: boolean },
): string {
	const words = SETUP_WORDS[language];
	const done = items.filter((item) => item.done).length;
	const next = items.findIndex((item) => !item.done);
	const lines = items.map((item, at) => {
		const { name, todo } = words.checks[item.check];
		const state = item.done ? words.done : at === next ? words.next : words.later;
		const mark = `<strong class="${item.done ? 'good' : ''}">${item.done ? '✓' : '○'} ${escape(name)}</strong> · ${escape(state)}`;
		const findings = item.findings.map((finding) => (finding === 'waits' ? words.waits : finding));
		const help = item.done ? '' : `<p>${escape(todo)}</p>${findings.length > 0 ? list(findings) : ''}`;
		return `<li class="card"${at === next ? ' aria-current="step"' : ''}>${mark}${help}</li>`;
	});
	const reload = { seconds: CHECKLIST_REFRESH_SECONDS, isOn: isReloading };
	const body = [
		`<p role="status">${escape(words.progress(done, items.length))}</p>`,
		next === -1
			? note(words.allDone)
			: `${paragraph(words.looks)}<p>${reloadLink(language, { token, lang: language }, reload)}</p>`,
		`<ol class="plain">${lines.join('')}</ol>`,
	];
	const title = `${done}/${items.length} · ${words.title}`;
	const refreshSeconds = next !== -1 && isReloading ? CHECKLIST_REFRESH_SECONDS : undefined;
	return frame(language, title, body.join(''), { heading: words.title, refreshSeconds });
}
