import type { Person, Story } from './story';

export interface People {
	ana: Person;
	beto: Person;
	caio: Person;
	dora: Person;
}

/** Three days ago Ana is hot and Beto writes ten seconds before midnight; the day after Ana comes back, Caio waits for a person, Dora talks. */
export async function live(story: Story): Promise<People> {
	const ana = await story.comes([3, '10:00:00'], 'LEAD_HOT', 85);
	await story.answers(ana, ana.messageId, [3, '10:00:00'], [3, '10:00:04'], 0.002);
	const beto = await story.comes([3, '23:59:50'], 'LEAD_COLD', 20);
	await story.answers(beto, beto.messageId, [3, '23:59:50'], [2, '00:00:05']);
	const again = await story.writes(ana, [2, '12:00:00']);
	await story.answers(ana, again, [2, '12:00:00'], [2, '12:00:02'], 0.004);
	const caio = await story.comes([2, '13:00:00'], 'LEAD_HOT', 91);
	await story.says(caio, 'human', [2, '13:10:00']);
	await story.handsOver(caio, [2, '13:00:00'], [2, '13:10:00']);
	const dora = await story.comes([2, '14:00:00'], 'LEAD_WARM', 60);
	await story.answers(dora, dora.messageId, [2, '14:00:00'], [2, '14:00:03']);
	const more = await story.writes(dora, [2, '14:05:00']);
	await story.answers(dora, more, [2, '14:05:00'], [2, '14:05:03']);
	return { ana, beto, caio, dora };
}

/** Until nothing is due; the days of this tenant that were counted. */
export const roll = async (story: Story, fresh = 0): Promise<string[]> => {
	const rolled: string[] = [];
	for (;;) {
		const days = await story.rows(`select tenant_id, day::text from roll_up_days(50, $1)`, fresh);
		rolled.push(...days.filter(({ tenant_id }) => tenant_id === story.tenant.id).map(({ day }) => day as string));
		if (days.length < 50) return rolled;
	}
};
