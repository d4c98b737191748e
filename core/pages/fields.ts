import { escape, type PageLanguage } from './html';

/** What is wrong with what somebody typed, and beside which field it is said. */
export interface FieldProblem {
	/** Of the field; null: it is about none that is on the page. */
	id: string | null;
	message: string;
}

interface Field {
	id: string;
	name: string;
	label: string;
	/** Stands in the field: what was typed, where it was refused. */
	value?: string;
	problem?: string;
	isRequired?: boolean;
	/** Under the label, read out with the field. */
	hint?: string;
	/** More of the control, e.g. ` autocomplete="email"`. */
	attributes?: string;
}

/** Label, hint, control and, beside it, what is wrong: whoever comes to the field hears all of it. */
function labelled({ id, label, hint, problem, isRequired }: Field, control: (state: string) => string): string {
	const described = [hint ? `${id}-hint` : '', problem ? `${id}-problem` : ''].filter(Boolean).join(' ');
	const state = [
		// Not `required`: the answer beside the field says what is missing in the page's own words.
		isRequired ? ' aria-required="true"' : '',
		described ? ` aria-describedby="${described}"` : '',
		problem ? ' aria-invalid="true"' : '',
	].join('');
	return [
		`<label for="${id}">${escape(label)}</label>`,
		hint ? `<span class="meta" id="${id}-hint">${escape(hint)}</span>` : '',
		control(state),
		problem ? `<p class="bad" id="${id}-problem">${escape(problem)}</p>` : '',
	].join('');
}

export const inputField = (field: Field & { type?: 'text' | 'password' }): string =>
	labelled(
		field,
		(state) =>
			`<input id="${field.id}" name="${field.name}" type="${field.type ?? 'text'}" value="${escape(field.value ?? '')}"${field.attributes ?? ''}${state}>`,
	);

export const textField = (field: Field & { rows?: number }): string =>
	labelled(
		field,
		// The first line break after the tag is the parser's.
		(state) =>
			`<textarea id="${field.id}" name="${field.name}" rows="${field.rows ?? 5}"${field.attributes ?? ''}${state}>\n${escape(field.value ?? '')}</textarea>`,
	);

export const choiceField = (
	field: Field & { options: ReadonlyArray<readonly [value: string, label: string]> },
): string =>
	labelled(field, (state) => {
		const options = field.options.map(
			([value, label]) =>
				`<option value="${escape(value)}"${value === field.value ? ' selected' : ''}>${escape(label)}</option>`,
		);
		return `<select id="${field.id}" name="${field.name}"${field.attributes ?? ''}${state}>${options.join('')}</select>`;
	});

const SUMMARY: Record<PageLanguage, { title: string; kept: string }> = {
	'pt-BR': { title: 'Não foi feito', kept: 'O que você escreveu' },
	en: { title: 'Not done', kept: 'What you wrote' },
};

/** Over the form: what is wrong, each with the way to its field. */
export function problemSummary(language: PageLanguage, problems: readonly FieldProblem[]): string {
	if (problems.length === 0) return '';
	const lines = problems.map(({ id, message }) =>
		id === null ? `<li>${escape(message)}</li>` : `<li><a href="#${escape(id)}">${escape(message)}</a></li>`,
	);
	return `<div class="note bad" role="alert"><strong>${SUMMARY[language].title}</strong><ul>${lines.join('')}</ul></div>`;
}

/** What somebody typed into a form that is no longer there: to be read and copied, never lost. */
export const keptText = (language: PageLanguage, typed: string): string =>
	typed.trim() === ''
		? ''
		: `<section><h2>${SUMMARY[language].kept}</h2><pre tabindex="0">${escape(typed)}</pre></section>`;
