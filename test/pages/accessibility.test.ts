import { Pool } from 'pg';
import { PAGE_LANGUAGES } from '../../core/pages';
import { startPhone } from '../../sandbox/phone/server';
import { createHttpServer } from '../../sandbox/standins/http';
import { read, repositoryFiles } from '../house/files';
import { conversation } from './fixtures/phone';
import { inspectAll, noBrowser, type Faults, type Shown } from './inspect';
import { SERVED } from './served';

/** What n8n puts before each page that a webhook answers: html-sandbox.js of n8n-core. */
const N8N_POLICY =
	'sandbox allow-downloads allow-forms allow-modals allow-orientation-lock allow-pointer-lock allow-popups allow-popups-to-escape-sandbox allow-presentation allow-scripts allow-top-navigation-by-user-activation allow-top-navigation-to-custom-protocols';
const PHONE_STATES = ['empty', 'talking'] as const;

const states = Object.entries(SERVED).flatMap(([made, kinds]) =>
	Object.entries(kinds).flatMap(([state, html]) =>
		PAGE_LANGUAGES.map((language) => ({ name: `${made.split(' ')[1]}, ${state}, ${language}`, state, language, html })),
	),
);

test('every function that makes a page stands in the list, and no page is made elsewhere', () => {
	const core = repositoryFiles().filter((file) => /^core\/.*\.ts$/.test(file) && !file.startsWith('core/pages/'));
	const makers = core.flatMap((file) => {
		const declarations = read(file).split(/^(?=(?:export )?(?:async )?(?:function|const) )/m);
		return declarations
			.filter((text) => /\bframe\(/.test(text))
			.map((text) => `${file} ${/(?:function|const) (\w+)/.exec(text)?.[1]}`);
	});
	expect(Object.keys(SERVED).sort()).toEqual(makers.sort());
	const whole = repositoryFiles().filter(
		(file) => /^(core|nodes|sandbox|workflows|cli)\//.test(file) && /<!doctype/i.test(read(file)),
	);
	expect(whole).toEqual(['core/pages/frame.ts', 'sandbox/phone/index.html']);
});

const isShown = !noBrowser || process.env.CI === 'true';

describe.each(isShown ? ['in a browser'] : [])('%s', () => {
	let found: Map<string, Faults>;

	beforeAll(async () => {
		const routes = states.map(({ html, language }, at) => [
			`GET /${at}`,
			() => ({
				...{ status: 200, body: Buffer.from(html(language)) },
				headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': N8N_POLICY },
			}),
		]);
		const server = createHttpServer(Object.fromEntries(routes));
		// Nobody sends here, so that the pool never connects.
		const pool = new Pool();
		const tenants = [{ slug: 'sorriso', name: 'Clínica Sorriso', channels: [] }];
		const nowhere = 'http://127.0.0.1:1';
		const phone = await startPhone({ pool, webhookUrl: nowhere, appSecret: 's', graphUrl: nowhere, tenants });
		try {
			const { url } = await server.listen();
			const pages: Shown[] = states.map(({ name, state, language }, at) => ({
				...{ name, url: `${url}/${at}`, isTranslation: language !== PAGE_LANGUAGES[0] },
				// WCAG 2.2.1 lets a page reload for who asked for it and can stop it; axe knows no such page.
				without: state === 'reloading' ? ['meta-refresh'] : [],
			}));
			const phones = PHONE_STATES.map((state): Shown => ({
				...{ name: `phone, ${state}`, url: phone.url, isForDesktop: true },
				ready: async (page) => {
					const json = state === 'empty' ? { status: null, messages: [], turns: [] } : conversation;
					await page.unroute('**/api/conversation*');
					await page.route('**/api/conversation*', async (route) => await route.fulfill({ json }));
					await page
						.locator(state === 'empty' ? '.ideas button' : '.bubble')
						.first()
						.click();
				},
			}));
			found = await inspectAll([...pages, ...phones]);
		} finally {
			await Promise.all([server.close(), phone.close(), pool.end()]);
		}
		// A second or two a page on a busy machine.
	}, 600_000);

	test.each([...states.map(({ name }) => name), ...PHONE_STATES.map((state) => `phone, ${state}`)])(
		'%s: no violation, nothing too wide or too small, all within reach of Tab',
		(name) => expect(found.get(name)).toEqual({}),
	);
});

if (!isShown) test.skip(`the pages in a browser: ${noBrowser}`, () => undefined);
