import { MOST_DIFF_LINES } from './defaults';

export interface DiffLine {
	kind: 'same' | 'removed' | 'added';
	text: string;
}

export interface TextDiff {
	lines: DiffLine[];
	added: number;
	removed: number;
	/** Lines that were left out because the texts are too long. */
	cut: number;
}

/** What changed from one text to another, line by line: the fewest lines that go and come. */
export function diffText(before: string, after: string, most = MOST_DIFF_LINES): TextDiff {
	const [old, now] = [linesOf(before), linesOf(after)];
	const cut = Math.max(0, old.length - most) + Math.max(0, now.length - most);
	const lines = diffLists(old.slice(0, most), now.slice(0, most));
	const count = (kind: DiffLine['kind']): number => lines.filter((line) => line.kind === kind).length;
	return { lines, added: count('added'), removed: count('removed'), cut };
}

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\r\n?/g, '\n').split('\n'));

function diffLists(old: string[], now: string[]): DiffLine[] {
	let start = 0;
	while (start < old.length && start < now.length && old[start] === now[start]) start++;
	let end = 0;
	while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end++;
	const same = (text: string): DiffLine => ({ kind: 'same', text });
	return [
		...old.slice(0, start).map(same),
		...between(old.slice(start, old.length - end), now.slice(start, now.length - end)),
		...old.slice(old.length - end).map(same),
	];
}

/** By the longest run of lines in common, which the table finds from the end. */
function between(old: string[], now: string[]): DiffLine[] {
	const width = now.length + 1;
	const common = new Uint16Array((old.length + 1) * width);
	for (let i = old.length - 1; i >= 0; i--) {
		for (let j = now.length - 1; j >= 0; j--) {
			common[i * width + j] =
				old[i] === now[j]
					? common[(i + 1) * width + j + 1] + 1
					: Math.max(common[(i + 1) * width + j], common[i * width + j + 1]);
		}
	}
	const lines: DiffLine[] = [];
	let [i, j] = [0, 0];
	while (i < old.length || j < now.length) {
		if (i < old.length && j < now.length && old[i] === now[j]) {
			lines.push({ kind: 'same', text: old[i++] });
			j++;
		} else if (j >= now.length || (i < old.length && common[(i + 1) * width + j] >= common[i * width + j + 1])) {
			lines.push({ kind: 'removed', text: old[i++] });
		} else {
			lines.push({ kind: 'added', text: now[j++] });
		}
	}
	return lines;
}
