import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INode, INodeParameters } from 'n8n-workflow';
import { chromium, selectors, type Locator, type Page } from 'playwright-core';
import { checkoutFolder } from '../../../sandbox/paths';
import { waitFor } from '../../support/wait-for';
import { state } from './running';

/** Debian's package; another Chromium is named by the variable. */
const CHROMIUM = process.env.CHROMIUM_PATH?.trim() || '/usr/bin/chromium';
const CHROMIUM_ARGUMENTS = [
	...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
	...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];
/** The editor loads its node types, some 10 MB, once: slow on a busy machine. */
const EDITOR_LOADS_MS = 60_000;

/** Anything after that is a matter of a second or two. */
const STEP_MS = 20_000;
/** The node creator searches as one types. */
const SEARCH_MS = 10_000;

/** Why the editor tests cannot run here, if they cannot. */
export const noBrowser = existsSync(CHROMIUM)
	? undefined
	: `no Chromium at ${CHROMIUM}: apt-get install chromium, or set CHROMIUM_PATH`;

/** Every way in which the editor marks a node that is unknown, not set up, or wrongly set up. */
const MARKERS = [
	...['node-issues', 'node-not-installed', 'node-restricted'],
	...['canvas-node-restricted', 'canvas-node-status-warning'],
];

export interface ShippedWorkflow {
	id: string;
	name: string;
	nodes: INode[];
	connections: object;
}

/** A sticky note as it stands on the canvas. */
export interface ShownNote {
	title: string;
	cut: boolean;
	covers: string[];
}

/** The templates as they are shipped. */
export function shippedWorkflows(): ShippedWorkflow[] {
	const folder = join(checkoutFolder(), 'workflows');
	return readdirSync(folder)
		.filter((file) => file.endsWith('.json'))
		.sort()
		.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as ShippedWorkflow);
}

type BrowserOptions = NonNullable<Parameters<typeof chromium.launchPersistentContext>[1]>;

export interface Browser {
	page: Page;
	close(): Promise<void>;
}

/** A browser without a past. */
export async function openBrowser(
	options: Pick<BrowserOptions, 'viewport' | 'locale' | 'httpCredentials'>,
): Promise<Browser> {
	const profile = mkdtempSync(join(tmpdir(), 'agent-factory-browser-'));
	const context = await chromium.launchPersistentContext(profile, {
		executablePath: CHROMIUM,
		args: CHROMIUM_ARGUMENTS,
		baseURL: state().n8n.url,
		colorScheme: 'light',
		...options,
	});
	return {
		page: await context.newPage(),
		close: async () => {
			await context.close();
			rmSync(profile, { recursive: true, force: true });
		},
	};
}

/** Kept for whoever wants to see what the test saw. */
export async function saveScreenshot(page: Page, name: string, fullPage = false): Promise<void> {
	const folder = join(checkoutFolder(), '.sandbox', 'e2e', 'screenshots');
	mkdirSync(folder, { recursive: true });
	await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled', fullPage });
}

/** A person in the editor: moves by clicks, sees what is on the screen. */
export class Editor {
	private opened = '';
	readonly page: Page;

	private constructor(private readonly browser: Browser) {
		this.page = browser.page;
	}

	/** Starts a browser and logs in as the owner. */
	static async open(): Promise<Editor> {
		selectors.setTestIdAttribute('data-test-id');
		const editor = new Editor(await openBrowser({ viewport: { width: 1600, height: 1000 }, locale: 'en-US' }));
		await editor.logIn();
		return editor;
	}

	async close(): Promise<void> {
		await this.browser.close();
	}

	private async logIn(): Promise<void> {
		const { page } = this;
		page.setDefaultTimeout(EDITOR_LOADS_MS);
		await page.goto('/signin?redirect=%252Fhome%252Fworkflows');
		await page.locator('input[name="emailOrLdapLoginId"]').fill(state().n8n.email);
		await page.locator('input[name="password"]').fill(state().n8n.password);
		await page.getByTestId('form-submit-button').click();
		await page.getByTestId('workflow-card-name').first().waitFor();
		page.setDefaultTimeout(STEP_MS);
	}

	/** From the list of workflows, as a person does; loading the page anew would take ten seconds each time. */
	async openWorkflow({ id, name, nodes }: ShippedWorkflow): Promise<void> {
		if (this.opened === id) return;
		const { page } = this;
		await page.getByTestId('project-home-menu-item').click();
		// The list shows a page at a time.
		await page.getByTestId('resources-list-search').fill(name);
		await page.getByTestId('workflow-card-name').filter({ hasText: name }).click();
		await page.waitForURL((url) => url.pathname.endsWith(id));
		await this.node(nodes.find((node) => !isNote(node))!.name).waitFor();
		await page.getByTestId('node-view-loader').waitFor({ state: 'hidden' });
		this.opened = id;
	}

	/** A node on the canvas, by its name. */
	node(name: string): Locator {
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
	}

	/** The names of the nodes on the canvas, notes apart. */
	async nodeNames(): Promise<string[]> {
		const nodes = this.page.locator('[data-test-id="canvas-node"][data-node-name]:not(:has([data-test-id="sticky"]))');
		return await Promise.all(
			(await nodes.all()).map(async (node) => (await node.getAttribute('data-node-name')) ?? ''),
		);
	}

	/** n8n's own nodes have drawn icons, or pictures; an unknown node has neither. */
	async anyIcon(node: string): Promise<void> {
		await this.node(node).locator('.n8n-node-icon').locator('svg, img').first().waitFor();
	}

	/** The file that the node's icon was loaded from; throws when the picture does not come. */
	async iconOf(node: string): Promise<string> {
		const icon = this.node(node).locator('.n8n-node-icon img').first();
		await waitFor(
			async () =>
				await icon.evaluate(
					(image: { complete?: boolean; naturalWidth?: number }) => image.complete && image.naturalWidth,
				),
			{ timeoutMs: STEP_MS, what: `the icon of "${node}"` },
		);
		return (await icon.getAttribute('src')) ?? '';
	}

	/** Which nodes carry a mark, and which: nothing when all is well. */
	async markers(): Promise<string[]> {
		const found = MARKERS.map(async (id) => {
			const marked = await this.page
				.getByTestId('canvas-node')
				.filter({ has: this.page.getByTestId(id) })
				.all();
			return await Promise.all(marked.map(async (node) => `${id}: ${await node.getAttribute('data-node-name')}`));
		});
		return (await Promise.all(found)).flat();
	}

	/** Texts of the errors and warnings that pop up. */
	async errors(): Promise<string[]> {
		return await this.page
			.locator('.el-notification:has(.el-notification--error, .el-notification--warning)')
			.allInnerTexts();
	}

	/** Opens a node's details by a double click, and answers the panel with its parameters. */
	async openNode(name: string): Promise<Locator> {
		const { page } = this;
		await this.node(name)
			.getByTestId(/^canvas-(trigger|default)-node$/)
			.dblclick();
		await page.getByTestId('ndv').waitFor();
		const panel = page.getByTestId('node-parameters');
		await panel.waitFor();
		return panel;
	}

	async closeNode(): Promise<void> {
		const { page } = this;
		await page.getByTestId('ndv-close-button').click();
		await page.getByTestId('ndv').waitFor({ state: 'hidden' });
	}

	/** What the node creator offers for some words, once it offers what is expected or has had its time. */
	async searchNodes(words: string, expected: string[]): Promise<string[]> {
		const { page } = this;
		const search = page.getByTestId('node-creator-search-bar');
		if (!(await search.isVisible())) await page.getByTestId('node-creator-plus-button').click();
		// An earlier search must be off the list before this one is judged.
		await search.fill('no node is called this');
		await page.getByTestId('node-creator-no-results').waitFor();
		await search.fill(words);
		const names = page.getByTestId('node-creator-item-name');
		let found: string[] = [];
		await waitFor(
			async () => {
				found = await names.allInnerTexts();
				return expected.every((name) => found.includes(name));
			},
			{ timeoutMs: SEARCH_MS },
		).catch(() => undefined);
		return found;
	}

	async closeNodeCreator(): Promise<void> {
		const { page } = this;
		await page.getByTestId('canvas').click({ position: { x: 20, y: 300 } });
		await page.getByTestId('node-creator-search-bar').waitFor({ state: 'hidden' });
	}

	/** The notes on the canvas: does each show all its text, and which nodes does it lie on? */
	async notes(): Promise<ShownNote[]> {
		return await this.page.evaluate<
			ShownNote[]
		>(`[...document.querySelectorAll('[data-test-id="sticky"]')].map((note) => {
			const text = [note, ...note.querySelectorAll('*')];
			const box = note.getBoundingClientRect();
			const covers = [...document.querySelectorAll('[data-test-id="canvas-node"][data-node-name]')].filter((node) => {
				const other = node.getBoundingClientRect();
				return !node.contains(note) && other.left < box.right && box.left < other.right && other.top < box.bottom && box.top < other.bottom;
			});
			return {
				title: note.querySelector('h2')?.textContent ?? '',
				cut: text.some((part) => part.scrollHeight > part.clientHeight + 1 && part.clientHeight > 0 && getComputedStyle(part).overflowY !== 'visible'),
				covers: covers.map((node) => node.dataset.nodeName),
			};
		})`);
	}

	/** The rows of the opened node's output, by column. */
	async outputTable(): Promise<Array<Record<string, string>>> {
		const output = this.page.getByTestId('output-panel');
		await output.getByTestId('radio-button-table').click();
		await output.locator('tbody tr').first().waitFor();
		const columns = await output.locator('thead th').allInnerTexts();
		const rows = await output.locator('tbody tr').all();
		return await Promise.all(
			rows.map(async (row) => {
				const cells = await row.locator('td').allInnerTexts();
				return Object.fromEntries(columns.map((column, at) => [column.trim(), cells[at] ?? '']));
			}),
		);
	}

	async screenshot(name: string): Promise<void> {
		// n8n unfolds its own advice over the canvas of a published workflow, the first time it is opened.
		const advice = this.page.getByTestId('suggested-actions-close');
		if (await advice.isVisible()) await advice.click();
		await saveScreenshot(this.page, name);
	}
}

/** A workflow that the templates lack: nodes that are set up, and one whose tenant is still to be picked. */
export async function createScratchWorkflow(): Promise<ShippedWorkflow> {
	const byId = (value: string) => ({ __rl: true, mode: 'id', value });
	const compiler = { tenant: byId(randomUUID()), agent: byId(randomUUID()) };
	const unfinished = { resource: 'agent', operation: 'getMany' };
	const nodes = [
		packNode('Agent Compiler', 'agentCompiler', 0, compiler),
		packNode('Agents', 'agentFactory', 220, unfinished),
		packNode('Questions', 'askFactory', 440, {
			resource: 'question',
			operation: 'getOverview',
			tenant: byId(randomUUID()),
		}),
	];
	const body = { name: 'Editor test', nodes, connections: {}, settings: {} };
	return (await publicApi('POST', '/workflows', body)) as ShippedWorkflow;
}

export const deleteWorkflow = async (id: string): Promise<void> => void (await publicApi('DELETE', `/workflows/${id}`));

const packNode = (name: string, type: string, x: number, parameters: INodeParameters): INode => ({
	...{ id: randomUUID(), name, type: `n8n-nodes-agent-factory.${type}`, typeVersion: 1, position: [x, 0], parameters },
	credentials: { postgres: { id: 'afPostgres000001', name: 'Agent Factory database' } },
});

async function publicApi(method: string, path: string, body?: unknown): Promise<unknown> {
	const { url, apiKey } = state().n8n;
	const call = async (): Promise<Response> =>
		await fetch(`${url}/api/v1${path}`, {
			method,
			headers: { 'X-N8N-API-KEY': apiKey, 'content-type': 'application/json' },
			body: body === undefined ? undefined : JSON.stringify(body),
		});
	// n8n closes idle connections; who reuses one at that moment asks again.
	const response = await call().catch(call);
	if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
	return await response.json();
}

export const isNote = ({ type }: { type: string }): boolean => type === 'n8n-nodes-base.stickyNote';
