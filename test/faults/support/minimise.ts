type Fails = (body: unknown) => Promise<boolean>;

/** The smallest body that still fails, by leaving out one part after the other. */
export async function minimise(body: unknown, fails: Fails, tries = 2_000): Promise<unknown> {
	let best = body;
	let left = tries;
	for (let smaller = true; smaller && left > 0;) {
		smaller = false;
		for (const candidate of smallerOnes(best)) {
			if ((left -= 1) <= 0) break;
			if (!(await fails(candidate))) continue;
			best = candidate;
			smaller = true;
			break;
		}
	}
	return best;
}

/** The value without one of its parts, large parts first; a text at half its length. */
function* smallerOnes(value: unknown): Generator<unknown> {
	if (typeof value === 'string') {
		if (value.length > 1) {
			yield value.slice(0, Math.floor(value.length / 2));
			yield value.slice(Math.floor(value.length / 2));
		}
	} else if (Array.isArray(value)) {
		if (value.length > 3) {
			yield value.slice(0, Math.floor(value.length / 2));
			yield value.slice(Math.floor(value.length / 2));
		}
		for (let index = 0; index < Math.min(value.length, 40); index += 1) {
			yield [...(value as unknown[]).slice(0, index), ...(value as unknown[]).slice(index + 1)];
			for (const part of smallerOnes(value[index])) {
				const changed = [...(value as unknown[])];
				changed[index] = part;
				yield changed;
			}
		}
	} else if (typeof value === 'object' && value !== null) {
		const entries = Object.entries(value);
		for (const [key] of entries) yield Object.fromEntries(entries.filter(([other]) => other !== key));
		for (const [key, part] of entries) {
			for (const smaller of smallerOnes(part)) {
				yield Object.fromEntries(entries.map(([other, old]) => [other, other === key ? smaller : (old as unknown)]));
			}
		}
	}
}
