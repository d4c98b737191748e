import { diffText } from '../../../core/reports';

const signs = { same: ' ', removed: '-', added: '+' };
const shown = (before: string, after: string): string[] =>
	diffText(before, after).lines.map(({ kind, text }) => signs[kind] + text);

test.each([
	['', '', []],
	['a', 'a', [' a']],
	['', 'a\nb', ['+a', '+b']],
	['a\nb', '', ['-a', '-b']],
	['a\nb\nc', 'a\nx\nc', [' a', '-b', '+x', ' c']],
	['a\nb\nc\nd', 'b\nc\na\nd', ['-a', ' b', ' c', '+a', ' d']],
	['a\r\nb', 'a\nb', [' a', ' b']],
])('%j to %j', (before, after, lines) => expect(shown(before, after)).toEqual(lines));

test('either side can be read off the lines, whatever changed', () => {
	const words = (seed: number) => Array.from({ length: 60 }, (_, n) => 'abc'[(n * seed + ((n * n) % 7)) % 3]);
	for (let seed = 1; seed < 20; seed++) {
		const [before, after] = [
			words(seed).join('\n'),
			words(seed + 1)
				.slice(seed)
				.join('\n'),
		];
		const { lines, added, removed } = diffText(before, after);
		const side = (without: string) =>
			lines
				.filter(({ kind }) => kind !== without)
				.map(({ text }) => text)
				.join('\n');
		expect([side('added'), side('removed')]).toEqual([before, after]);
		expect(lines.filter(({ kind }) => kind !== 'same')).toHaveLength(added + removed);
	}
});

test('a text that is too long is cut, and says by how much', () => {
	expect(diffText('a\nb\nc', 'a\nb', 2)).toMatchObject({ cut: 1, added: 0, removed: 0 });
});
