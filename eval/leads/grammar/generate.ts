import { FAMILIES } from './families';
import { withNoise } from './noise';
import { seeded, type Random } from './random';
import { BY_PERSONA, COMMON } from './slots';
import type { LeadClass } from '../../../core/leads/types';

export type Split = 'train' | 'held-back';

export interface Generated {
	persona: string;
	label: LeadClass;
	family: string;
	split: Split;
	text: string;
}

/** Decides which families are looked at while rules are written. Never changed. */
const SPLIT_SEED = 20_261_122;
const PER_FAMILY = 8;
const PERSONAS = Object.keys(BY_PERSONA);

/** Half of each class's families to either side, by a seeded draw: no template stands on both. */
export function splitOfFamilies(): Map<string, Split> {
	const random = seeded(SPLIT_SEED);
	const splits = new Map<string, Split>();
	const labels = [...new Set(FAMILIES.map(({ label }) => label))];
	for (const label of labels) {
		const drawn = FAMILIES.filter((family) => family.label === label)
			.map((family) => ({ name: family.name, order: random.next() }))
			.sort((a, b) => a.order - b.order);
		drawn.forEach(({ name }, index) => splits.set(`${label}/${name}`, index % 2 === 0 ? 'held-back' : 'train'));
	}
	return splits;
}

const fill = (template: string, persona: string, random: Random): string =>
	template.replace(/\{(\w+)\}/gu, (_, slot: string) => {
		const own = Object.hasOwn(BY_PERSONA[persona], slot) ? BY_PERSONA[persona][slot] : COMMON[slot];
		return random.pick(own);
	});

/** About 750 synthetic messages; the same seed gives the same ones. */
export function generate(seed: number): Generated[] {
	const random = seeded(seed);
	const splits = splitOfFamilies();
	const seen = new Set<string>();
	return FAMILIES.flatMap(({ name, label, templates }) => {
		const made: Generated[] = [];
		for (let attempt = 0; made.length < PER_FAMILY && attempt < PER_FAMILY * 4; attempt += 1) {
			const persona = random.pick(PERSONAS);
			const text = withNoise(fill(templates[attempt % templates.length], persona, random), random);
			if (text === '' || seen.has(text)) continue;
			seen.add(text);
			made.push({ persona, label, family: name, split: splits.get(`${label}/${name}`) ?? 'train', text });
		}
		return made;
	});
}
