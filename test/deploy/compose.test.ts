import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { allOf, read, readJson, repositoryFiles, ROOT } from '../house/files';
import { composeSchema, merge, type Compose, type Service } from './compose-schema';

/** Keys that begin with x- only hold what others repeat. */
const fileOf = (name: string): Compose =>
	composeSchema.parse(
		Object.fromEntries(Object.entries(load(read(`deploy/${name}`)) as object).filter(([key]) => !key.startsWith('x-'))),
	);

const one = fileOf('docker-compose.yml');
const queue = merge(one, fileOf('docker-compose.queue.yml'));
const layouts: Array<[string, Compose]> = [
	['one machine', one],
	['queue mode', queue],
];
const services = layouts.flatMap(([layout, { services: all }]) =>
	Object.entries(all).map(([name, service]): [string, Service, Compose] => [
		`${layout}: ${name}`,
		service,
		layout === 'one machine' ? one : queue,
	]),
);
const runsOnce = (service: Service): boolean => service.restart === 'no';

describe.each(services)('%s', (_, service, { services: all, volumes, networks, secrets }) => {
	test('has an exact image', () => {
		expect(service.image).toMatch(/^[\w./-]+:\d+\.\d+\.\d+(-\w+)?$|^postgres:\d+\.\d+-\w+$/);
		if (service.build) expect(read('deploy/Dockerfile')).toContain(` AS ${service.build.target}\n`);
	});

	test('is no root, gains no rights, keeps its logs short and has limits', () => {
		expect(service.user).toMatch(/^[1-9]/);
		expect(service.cap_drop).toEqual(['ALL']);
		expect(service.security_opt).toEqual(['no-new-privileges:true']);
		expect(service.logging).toBeDefined();
		expect(service.deploy?.resources?.limits).toBeDefined();
	});

	test('says when it is healthy, or ends by itself', () => {
		expect(service.healthcheck === undefined).toBe(runsOnce(service));
		if (!runsOnce(service)) expect(service.stop_grace_period).toBeDefined();
	});

	test('names only what is defined', () => {
		const named = (service.volumes ?? []).map((volume) => volume.split(':')[0]);
		expect(named.filter((name) => !name.startsWith('./') && !(name in (volumes ?? {})))).toEqual([]);
		expect(named.filter((name) => name.startsWith('./') && !existsSync(join(ROOT, 'deploy', name)))).toEqual([]);
		expect((service.networks ?? []).filter((name) => !(name in (networks ?? {})))).toEqual([]);
		expect((service.secrets ?? []).filter((name) => !(name in (secrets ?? {})))).toEqual([]);
		expect((service.env_file ?? []).filter((name) => !existsSync(join(ROOT, 'deploy', name)))).toEqual([]);
	});

	test('waits for the health of what it needs', () => {
		for (const [name, { condition }] of Object.entries(service.depends_on ?? {})) {
			expect(all[name]).toBeDefined();
			expect(condition).toBe(runsOnce(all[name]) ? 'service_completed_successfully' : 'service_healthy');
		}
	});

	test('is given each secret that it reads', () => {
		const text = [
			JSON.stringify(service),
			...(service.env_file ?? []).map((name) => read(`deploy/${name}`)),
			...(service.volumes ?? [])
				.map((volume) => volume.split(':')[0])
				.filter((name) => name.startsWith('./'))
				.map((name) => read(join('deploy', name))),
		].join('\n');
		const names = [...allOf(text, /\/run\/secrets\/(\w+)/g), ...allOf(text, /secret\(?'?\s?(\w+_\w+)/g)];
		expect(names.filter((name) => !service.secrets?.includes(name))).toEqual([]);
	});
});

test('only the proxy is open to the world, and databases have no way out', () => {
	const open = services.flatMap(([name, { ports = [] }]) =>
		ports.filter((port) => !port.startsWith('127.0.0.1:')).map(() => name.split(': ')[1]),
	);
	expect([...new Set(open)]).toEqual(['proxy']);
	expect(queue.networks?.inside).toEqual({ internal: true });
	for (const name of ['postgres', 'redis']) expect(queue.services[name].networks).toEqual(['inside']);
});

test('the images that are built hold the versions that were tested', () => {
	const dockerfile = read('deploy/Dockerfile');
	const n8n = readJson<{ dependencies: { n8n: string } }>('sandbox/n8n/package.json').dependencies.n8n;
	const { version, devDependencies } = readJson<{ version: string; devDependencies: { node: string } }>('package.json');
	expect(dockerfile).toContain(`FROM docker.n8n.io/n8nio/n8n:${n8n} AS n8n`);
	expect(allOf(dockerfile, /^FROM node:([\d.]+)/gm)).toEqual([devDependencies.node]);
	expect(allOf(dockerfile, /^FROM [\w./-]+:(\S+)/gm).filter((tag) => !/^\d+\.\d+\.\d+(-[\w-]+)?$/.test(tag))).toEqual(
		[],
	);
	const own = services.flatMap(([, { image }]) => (image?.startsWith('agent-factory/') ? [image] : []));
	expect(own.filter((image) => !image.endsWith(`:${version}`))).toEqual([]);
});

const settings = [
	...services.flatMap(([, { environment = {} }]) => Object.keys(environment)),
	...allOf(read('deploy/n8n.env'), /^([A-Z][A-Z0-9_]*)=/gm),
];
const isN8nSetting = (name: string): boolean => /^(N8N_|DB_|QUEUE_|EXECUTIONS_|GENERIC_)/.test(name);

test('our own settings are read by something', () => {
	const sources = repositoryFiles()
		.filter((file) => /^(cli|core|nodes)\/.*\.ts$/.test(file))
		.map(read)
		.join('\n');
	const others = read('deploy/Caddyfile') + 'POSTGRES_PASSWORD_FILE';
	const unknown = settings.filter((name) => !isN8nSetting(name) && !sources.includes(name.replace(/_FILE$/, '')));
	expect(unknown.filter((name) => !others.includes(name))).toEqual([]);
});

/** Every name that n8n's configuration declares, with the ones that it reads in other places. */
const KNOWN = readFileSync(join(__dirname, 'n8n-settings.txt'), 'utf8').split('\n').filter(Boolean);

test("n8n's settings are names that n8n knows", () => {
	const named = settings.filter(isN8nSetting).map((name) => name.replace(/_FILE$/, ''));
	expect(named.length).toBeGreaterThan(10);
	expect(named.filter((name) => !KNOWN.includes(name))).toEqual([]);
});
