import { NOTE_TYPE, type Workflow, type WorkflowNode } from '../core/shipped-workflows';
import { packName } from '../sandbox/paths';

/** Pixels. n8n's own steps are 220 wide, which leaves room for the arrows. */
const BOX = { width: 168, height: 66, margin: 24, letters: 19 };

const STYLE = `
	.bg { fill: #ffffff; } .box { fill: #f6f8fa; stroke: #57606a; stroke-width: 1.5; }
	.start { fill: #e6f6ec; stroke: #2c8a53; } .own { fill: #e7f0fb; stroke: #2f6fb0; } .off { stroke-dasharray: 5 4; opacity: 0.6; }
	.name { font-size: 13px; font-weight: 600; fill: #1f2328; text-anchor: middle; } .kind { font-size: 11px; fill: #57606a; text-anchor: middle; }
	.line { stroke: #57606a; stroke-width: 1.5; fill: none; marker-end: url(#arrow); } .error { stroke: #b35900; stroke-dasharray: 5 4; }
	.tip { fill: #57606a; }
	@media (prefers-color-scheme: dark) {
		.bg { fill: #0d1117; } .box { fill: #161b22; stroke: #8b949e; } .start { fill: #12261b; stroke: #3fb950; } .own { fill: #10233b; stroke: #58a6ff; }
		.name { fill: #e6edf3; } .kind { fill: #9da7b3; } .line { stroke: #8b949e; } .error { stroke: #db8a3c; } .tip { fill: #8b949e; }
	}
`;

export interface Box {
	node: WorkflowNode;
	x: number;
	y: number;
}

const escape = (text: string): string =>
	text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Where each node stands in the picture: n8n's places, moved to the corner. */
export function boxesOf({ nodes }: Workflow): Box[] {
	const working = nodes.filter(({ type }) => type !== NOTE_TYPE);
	const [left, top] = [0, 1].map((axis) => Math.min(...working.map(({ position }) => position![axis])));
	return working.map((node) => ({
		node,
		x: node.position![0] - left + BOX.margin,
		y: node.position![1] - top + BOX.margin,
	}));
}

export const overlap = (a: Box, b: Box): boolean => Math.abs(a.x - b.x) < BOX.width && Math.abs(a.y - b.y) < BOX.height;

/** A workflow as it stands on n8n's canvas, readable on light and on dark. */
export function flowPicture(workflow: Workflow, what: string): string {
	const boxes = boxesOf(workflow);
	const width = Math.max(...boxes.map(({ x }) => x)) + BOX.width + BOX.margin;
	const height = Math.max(...boxes.map(({ y }) => y)) + BOX.height + BOX.margin + (loopsBack(workflow, boxes) ? 24 : 0);
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" role="img" aria-labelledby="t d" font-family="system-ui, 'Segoe UI', Helvetica, Arial, sans-serif">
<title id="t">${escape(workflow.name ?? '')}</title>
<desc id="d">${escape(what)}</desc>
<style>${STYLE}</style>
<defs><marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path class="tip" d="M0 0 10 5 0 10z"/></marker></defs>
<rect class="bg" width="${width}" height="${height}" rx="10"/>
${[...lines(workflow, boxes), ...boxes.map(box)].join('\n')}
</svg>
`;
}

function box({ node, x, y }: Box): string {
	const own = node.type.startsWith(`${packName}.`) ? ' own' : '';
	const start = /trigger$|\.webhook$/i.test(node.type) ? ' start' : own;
	const rows = wrapped(node.name);
	const middle = x + BOX.width / 2;
	const first = y + (rows.length === 1 ? 31 : 24);
	return [
		`<rect class="box${start}${node.disabled === true ? ' off' : ''}" x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="8"/>`,
		...rows.map((row, at) => `<text class="name" x="${middle}" y="${first + at * 16}">${escape(row)}</text>`),
		`<text class="kind" x="${middle}" y="${y + BOX.height - 9}">${escape(kindOf(node))}</text>`,
	].join('\n');
}

/** The node's type in words: `respondToWebhook` is "respond to webhook". */
const kindOf = ({ type, disabled }: WorkflowNode): string =>
	`${type
		.split('.')[1]
		.replace(/([a-z])([A-Z])/g, '$1 $2')
		.toLowerCase()}${disabled === true ? ', off' : ''}`;

/** Two rows at most. */
function wrapped(name: string): string[] {
	if (name.length <= BOX.letters) return [name];
	const cut = name.lastIndexOf(' ', BOX.letters);
	const [first, rest] =
		cut > 0 ? [name.slice(0, cut), name.slice(cut + 1)] : [name.slice(0, BOX.letters), name.slice(BOX.letters)];
	return [first, rest.length > BOX.letters ? `${rest.slice(0, BOX.letters - 1)}…` : rest];
}

function* arrows(
	{ connections }: Workflow,
	boxes: Box[],
): Generator<{ from: Box; to: Box; port: number; ports: number }> {
	const at = new Map(boxes.map((found) => [found.node.name, found]));
	for (const [name, kinds] of Object.entries(connections))
		for (const outputs of Object.values(kinds))
			for (const [port, targets] of outputs.entries())
				for (const { node } of targets ?? []) {
					const [from, to] = [at.get(name), at.get(node)];
					if (from && to) yield { from, to, port, ports: outputs.length };
				}
}

const loopsBack = (workflow: Workflow, boxes: Box[]): boolean =>
	[...arrows(workflow, boxes)].some(({ from, to }) => to.x <= from.x);

function lines(workflow: Workflow, boxes: Box[]): string[] {
	return [...arrows(workflow, boxes)].map(({ from, to, port, ports }) => {
		const error = from.node.onError === 'continueErrorOutput' && ports > 1 && port === ports - 1 ? ' error' : '';
		const start = [from.x + BOX.width, from.y + (BOX.height * (port + 1)) / (ports + 1)];
		const end = [to.x, to.y + BOX.height / 2];
		const bend = Math.max(24, (end[0] - start[0]) / 2);
		const below = Math.max(from.y, to.y) + BOX.height + 22;
		const path =
			to.x > from.x
				? `M${start.join(' ')} C${start[0] + bend} ${start[1]} ${end[0] - bend} ${end[1]} ${end.join(' ')}`
				: `M${start.join(' ')} C${start[0] + 40} ${below} ${start[0]} ${below} ${(start[0] + end[0]) / 2} ${below} S${end[0] - 44} ${below} ${end.join(' ')}`;
		return `<path class="line${error}" d="${path}"/>`;
	});
}
