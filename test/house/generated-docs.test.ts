import { readdirSync } from 'node:fs';
import path from 'node:path';
import { shippedTemplates } from '../../core/shipped-workflows';
import { generatedDocs, MADE } from '../../generate/docs';
import { boxesOf, flowPicture, overlap } from '../../generate/flow-picture';
import { read, ROOT } from './files';

const pages = generatedDocs();

test.each([...pages])('%s is what the sources say: npm run docs', (file, text) => {
	expect(read(file)).toBe(text);
});

test.each(MADE)('%s holds nothing else', (folder) => {
	const there = readdirSync(path.join(ROOT, folder)).map((name) => `${folder}/${name}`);
	expect(there.filter((file) => !pages.has(file))).toEqual([]);
});

test.each(shippedTemplates().map((template) => [template.template, template.workflow] as const))(
	'the picture of %s shows every node and lays none on another',
	(_, workflow) => {
		const boxes = boxesOf(workflow);
		const crossed = boxes.flatMap((box, at) =>
			boxes.slice(at + 1).flatMap((other) => (overlap(box, other) ? [`${box.node.name} / ${other.node.name}`] : [])),
		);
		expect(crossed).toEqual([]);
		const picture = flowPicture(workflow, 'what it does');
		expect(picture.match(/<rect class="box/g)).toHaveLength(boxes.length);
		expect(picture).toContain('prefers-color-scheme: dark');
	},
);
