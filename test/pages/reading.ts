const ENTITIES: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };
const plain = (html: string): string => html.replace(/&(amp|lt|gt|quot|#39);/g, (found) => ENTITIES[found]);
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** What stands in a field, and what is said of it where its `aria-describedby` points to. */
export function besideOf(html: string, id: string): { value: string; problem: string | null } | null {
	const [tag, kind] = new RegExp(`<(input|textarea|select) id="${escaped(id)}"[^>]*>`).exec(html) ?? [];
	if (!tag) return null;
	const rest = html.slice(html.indexOf(tag) + tag.length);
	const value = {
		input: () => /value="([^"]*)"/.exec(tag)?.[1] ?? '',
		textarea: () => rest.slice(0, rest.indexOf('</textarea>')).replace(/^\n/, ''),
		select: () => /<option value="([^"]*)" selected>/.exec(rest.slice(0, rest.indexOf('</select>')))?.[1] ?? '',
	}[kind]!();
	const isWrong = tag.includes(`aria-invalid="true"`) && tag.includes(`${id}-problem`);
	const said = new RegExp(`<p class="bad" id="${escaped(id)}-problem">([^<]*)</p>`).exec(html);
	return { value: plain(value), problem: isWrong && said ? plain(said[1]) : null };
}

/** The lines over the form: the field each leads to, and what it says. */
export const summaryOf = (html: string): Array<[string, string]> =>
	[...html.matchAll(/<li><a href="#([^"]+)">([^<]*)<\/a><\/li>/g)].map(([, id, said]) => [id, plain(said)]);
