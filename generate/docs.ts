import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { shippedTemplates } from '../core/shipped-workflows';
import { checkoutFolder, packName } from '../sandbox/paths';
import { flowPicture } from './flow-picture';
import { cell, fileName, table } from './markdown';
import { nodePage } from './node-page';
import { ownNodes } from './own-nodes';
import { purpose, workflowPage } from './workflow-page';

/** Folders that hold nothing but what is made here. */
export const MADE = ['docs/nodes', 'docs/workflows'];

/** Every page and picture by its path. */
export function generatedDocs(): Map<string, string> {
	const nodes = ownNodes();
	const templates = shippedTemplates();
	const pages = new Map<string, string>();
	for (const { folder, description } of nodes) {
		const type = `${packName}.${description.name}`;
		const usedIn = templates.filter(({ workflow }) => workflow.nodes.some((node) => node.type === type));
		pages.set(
			`docs/nodes/${fileName(folder)}.md`,
			nodePage(
				description,
				usedIn.map(({ template }) => template),
			),
		);
	}
	for (const template of templates) {
		pages.set(`docs/workflows/${template.template}.md`, workflowPage(template, nodes));
		pages.set(`docs/workflows/${template.template}.svg`, flowPicture(template.workflow, purpose(template)));
	}
	const nodeRows = nodes.map(({ folder, description }) => [
		`[${description.displayName}](${fileName(folder)}.md)`,
		cell(description.description),
	]);
	const workflowRows = templates.map((template) => [
		`[${template.template}](${template.template}.md)`,
		cell(purpose(template)),
	]);
	pages.set('docs/nodes/README.md', `# Nodes\n\n${table(['node', 'what it does'], nodeRows)}\n`);
	pages.set('docs/workflows/README.md', `# Workflows\n\n${table(['workflow', 'what it does'], workflowRows)}\n`);
	return pages;
}

/** Writes them, and takes away what is no longer made. */
export function writeDocs(say: (line: string) => void): void {
	const root = checkoutFolder();
	const pages = generatedDocs();
	for (const folder of MADE) {
		mkdirSync(join(root, folder), { recursive: true });
		for (const name of readdirSync(join(root, folder)))
			if (!pages.has(`${folder}/${name}`)) rmSync(join(root, folder, name));
	}
	for (const [path, text] of pages) {
		mkdirSync(dirname(join(root, path)), { recursive: true });
		writeFileSync(join(root, path), text);
	}
	say(`${pages.size} pages and pictures in ${MADE.join(' and ')}`);
}
