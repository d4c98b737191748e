import { changedFields, requireIdentity, shippedNode } from './compare';
import { mapCredentials } from './credentials';
import { connectionsFrom, endsOf, setField, workingNodes } from './fields';
import { markOf, newest } from './identify';
import { matchRelease, type Match } from './match';
import type { Release, Template, Workflow, WorkflowNode } from './types';
import { fieldName, shown } from './words';

export interface Upgrade {
	template: string;
	from: string;
	to: string;
	/** The new workflow, to be imported from a file. */
	workflow: Workflow;
	/** The same with what n8n's API takes: for the n8n node's Update, or PUT /workflows/{id}. */
	body: Pick<Workflow, 'name' | 'nodes' | 'connections' | 'settings'>;
	carriedOver: string[];
	notCarriedOver: string[];
	text: string;
}

interface Lists {
	carried: string[];
	lost: string[];
}

/** The newest version with the person's credentials, ids, names, positions and own settings in it. */
export function upgradeWorkflow(own: Workflow, templates: readonly Template[]): Upgrade {
	const identity = requireIdentity(own, templates);
	const { template, release } = identity;
	const to = newest(template);
	const match = matchRelease(own, release);
	const lists: Lists = { carried: [], lost: [] };
	const shipped = structuredClone(template.workflow);
	const offset = offsetOf(match, shipped);
	const nodes = [
		...notes(shipped, own, offset, markOf(template.template, to.version)),
		...workingNodes(shipped).map((node) => upgradeNode(node, { match, release, to, own, offset, lists })),
		...match.added.map((node) => structuredClone(node)),
	];
	tellNodes(match, to, lists);
	const name = !own.name || own.name === release.name ? to.name : own.name;
	const made: Workflow = {
		...(own.id === undefined ? {} : { id: own.id }),
		...{ name, active: false, nodes },
		connections: connectionsFrom(upgradeLinks(match, to, nodes, lists)),
		settings: upgradeSettings(own, release, to, match, lists),
		pinData: own.pinData ?? {},
		meta: { ...own.meta, templateId: template.template, templateVersion: to.version },
		...(own.tags ? { tags: own.tags } : {}),
	};
	const from = identity.version || release.version;
	return {
		...{ template: template.template, from, to: to.version, workflow: made, body: apiBody(made) },
		...{ carriedOver: lists.carried, notCarriedOver: lists.lost },
		text: upgradeText(from, to, lists),
	};
}

/** How far the person's copy was moved: n8n's editor puts what it imports where there is room. */
function offsetOf(match: Match, shipped: Workflow): [number, number] {
	for (const [name, node] of match.nodes) {
		const at = shippedNode(shipped, name)?.position;
		if (at && node.position) return [node.position[0] - at[0], node.position[1] - at[1]];
	}
	return [0, 0];
}

const moved = (position: [number, number] | undefined, by: [number, number]): [number, number] => [
	(position?.[0] ?? 0) + by[0],
	(position?.[1] ?? 0) + by[1],
];

/** The template's notes with its mark, and those the person wrote beside them. */
function notes(shipped: Workflow, own: Workflow, offset: [number, number], mark: string): WorkflowNode[] {
	const isNote = (node: WorkflowNode): boolean => !workingNodes({ ...own, nodes: [node] }).length;
	const fromTemplate = shipped.nodes.filter(isNote);
	const theirs = own.nodes.filter((node) => isNote(node) && !fromTemplate.some(({ name }) => name === node.name));
	return [
		...fromTemplate.map((note, at) => ({
			...note,
			...(own.nodes.find(({ name, type }) => name === note.name && type === note.type)?.id
				? { id: own.nodes.find(({ name, type }) => name === note.name && type === note.type)!.id }
				: {}),
			position: moved(note.position, offset),
			...(at === 0 ? { notes: mark } : {}),
		})),
		...theirs,
	];
}

interface Change {
	match: Match;
	release: Release;
	to: Release;
	own: Workflow;
	offset: [number, number];
	lists: Lists;
}

function upgradeNode(node: WorkflowNode, { match, release, to, own, offset, lists }: Change): WorkflowNode {
	const theirs = match.nodes.get(node.name);
	const record = release.nodes[node.name];
	const same = theirs && theirs.type === node.type ? theirs : undefined;
	const made: WorkflowNode = { ...node, position: same?.position ?? moved(node.position, offset) };
	if (same?.id) made.id = same.id;
	if (same?.webhookId) made.webhookId = same.webhookId;
	mapCredentials(made, { theirs: same, released: record?.credentials ?? [], own, lost: lists.lost });
	if (!same) return made;
	const changed = new Set(changedFields(record, to.nodes[node.name]));
	for (const { path, value } of match.edits.get(node.name) ?? []) {
		const line = `Node "${node.name}": ${fieldName(path)} = ${shown(path, value)}`;
		if (changed.has(path)) {
			lists.lost.push(`${line} (the new version changes this field too; look whether you still want yours)`);
			continue;
		}
		setField(made, path, value);
		lists.carried.push(line);
	}
	return made;
}

function tellNodes(match: Match, to: Release, { carried, lost }: Lists): void {
	for (const { name } of match.added) carried.push(`Node "${name}" of your own`);
	for (const [own, name] of match.renamed)
		if (to.nodes[name]) lost.push(`The name "${own}": the node is called "${name}" again`);
	for (const name of match.missing) if (to.nodes[name]) lost.push(`Node "${name}", which you took out, is back`);
	for (const name of match.edits.keys())
		if (!to.nodes[name]) lost.push(`Your changes to node "${name}", which the new version does not have`);
}

function upgradeLinks(match: Match, to: Release, nodes: WorkflowNode[], lists: Lists): string[] {
	const names = new Set(nodes.map(({ name }) => name));
	const back = new Set(match.missing);
	const linksOut = to.connections.filter((link) => {
		const { from, to: target } = endsOf(link);
		const cut = match.linksRemoved.includes(link) && !back.has(from) && !back.has(target);
		if (cut) lists.carried.push(`Connection taken out: ${link}`);
		return !cut;
	});
	for (const link of match.linksAdded) {
		const { from, to: target } = endsOf(link);
		if (names.has(from) && names.has(target)) {
			lists.carried.push(`Connection added: ${link}`);
			linksOut.push(link);
		} else lists.lost.push(`Connection added: ${link} (one of its ends is gone)`);
	}
	return linksOut;
}

function upgradeSettings(
	own: Workflow,
	release: Release,
	to: Release,
	match: Match,
	lists: Lists,
): Record<string, unknown> {
	for (const name of match.settingsMissing)
		if (to.settings[name] !== undefined)
			lists.carried.push(
				`Workflow setting ${name}, which n8n's editor had left out: ${shown(name, to.settings[name])}`,
			);
	for (const { path, value } of match.settings) lists.carried.push(`Workflow setting ${path} = ${shown(path, value)}`);
	const kept = Object.entries(own.settings ?? {}).filter(
		([name, value]) => release.settings[name] !== value || to.settings[name] === release.settings[name],
	);
	return { ...to.settings, ...Object.fromEntries(kept) };
}

/** What n8n's API lets be written of a node and of the settings; it refuses a body with anything else. */
const NODE_KEYS = [
	...['id', 'name', 'webhookId', 'disabled', 'notesInFlow', 'notes', 'type', 'typeVersion', 'executeOnce'],
	...['alwaysOutputData', 'retryOnFail', 'maxTries', 'waitBetweenTries', 'continueOnFail', 'onError', 'position'],
	...['parameters', 'credentials'],
];
const SETTING_KEYS = [
	...['saveExecutionProgress', 'saveManualExecutions', 'saveDataErrorExecution', 'saveDataSuccessExecution'],
	...['executionTimeout', 'errorWorkflow', 'timezone', 'executionOrder', 'callerPolicy', 'callerIds'],
	...['timeSavedMode', 'timeSavedPerExecution', 'redactionPolicy', 'availableInMCP', 'customTelemetryTags'],
];

const only = <T extends object>(value: T, keys: string[]): T =>
	Object.fromEntries(Object.entries(value).filter(([key, inner]) => keys.includes(key) && inner != null)) as T;

const apiBody = ({ name, nodes, connections, settings }: Workflow): Upgrade['body'] => ({
	...{ name, connections, nodes: nodes.map((node) => only(node, NODE_KEYS)) },
	settings: only(settings ?? {}, SETTING_KEYS),
});

function upgradeText(from: string, to: Release, { carried, lost }: Lists): string {
	const list = (title: string, lines: string[]): string =>
		lines.length === 0 ? `${title}: nothing` : `${title}:\n${lines.map((line) => `- ${line}`).join('\n')}`;
	return [
		`${to.name}: from version ${from} to ${to.version}.`,
		list('Carried over', carried),
		list('Could not be carried over', lost),
	].join('\n\n');
}
