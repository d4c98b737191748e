import type { Workflow, WorkflowNode } from './types';

interface Theirs {
	/** The person's node, if it is there. */
	theirs: WorkflowNode | undefined;
	/** Kinds of credentials that the release had at this node. */
	released: readonly string[];
	own: Workflow;
	/** What the person has to choose. */
	lost: string[];
}

type Credential = NonNullable<WorkflowNode['credentials']>[string];

/** Sets the credentials of a new node: the person's at this node, else the one of its kind used elsewhere. */
export function mapCredentials(made: WorkflowNode, { theirs, released, own, lost }: Theirs): void {
	const kinds = Object.keys(made.credentials ?? {});
	const chosen: Record<string, Credential> = { ...theirs?.credentials };
	for (const kind of kinds) {
		if (chosen[kind]) continue;
		// The release had it and the person took it out: they answer with another model, say.
		if (theirs && released.includes(kind) && Object.keys(chosen).length > 0) continue;
		const used = mostUsed(own, kind);
		if (used) chosen[kind] = used;
		else lost.push(`Node "${made.name}": choose its credential of the kind ${kind}`);
	}
	if (Object.keys(chosen).length > 0) made.credentials = chosen;
	else delete made.credentials;
}

function mostUsed({ nodes }: Workflow, kind: string): Credential | undefined {
	const used = nodes.flatMap(({ credentials }) => (credentials?.[kind]?.id ? [credentials[kind]] : []));
	const times = ({ id }: Credential): number => used.filter((other) => other.id === id).length;
	return used.sort((a, b) => times(b) - times(a))[0];
}
