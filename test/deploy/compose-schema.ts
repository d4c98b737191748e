import { z } from 'zod/v4';

/** As much of the compose specification as deploy/ uses, and no key beside it: a misspelt one is found here, not on the server. */
const port = z.string().regex(/^(127\.0\.0\.1:)?\d+:\d+$/);
const seconds = z.string().regex(/^\d+s$/);
const memory = z.string().regex(/^\d+(M|G|m)$/);
const condition = z.enum(['service_healthy', 'service_completed_successfully']);
const environment = z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.string());

const healthcheck = z.strictObject({
	test: z.tuple([z.literal('CMD')], z.string()),
	interval: seconds,
	timeout: seconds,
	retries: z.number().int().positive(),
	start_period: seconds,
});

const deploy = z.strictObject({
	replicas: z.number().int().positive().optional(),
	resources: z.strictObject({ limits: z.strictObject({ cpus: z.string().regex(/^[\d.]+$/), memory }) }).optional(),
});

/** Every key may be missing: a second file adds to a service of the first. */
export const serviceSchema = z.strictObject({
	image: z.string().optional(),
	build: z.strictObject({ context: z.literal('.'), target: z.string() }).optional(),
	command: z.array(z.string()).optional(),
	entrypoint: z.array(z.string()).optional(),
	environment: environment.optional(),
	env_file: z.array(z.string()).optional(),
	secrets: z.array(z.string()).optional(),
	volumes: z.array(z.string().regex(/^[\w./-]+:\/[\w./-]+(:ro)?$/)).optional(),
	tmpfs: z.array(z.string().startsWith('/')).optional(),
	networks: z.array(z.string()).optional(),
	ports: z.array(port).optional(),
	depends_on: z.record(z.string(), z.strictObject({ condition })).optional(),
	healthcheck: healthcheck.optional(),
	deploy: deploy.optional(),
	logging: z
		.strictObject({
			driver: z.literal('json-file'),
			options: z.strictObject({ 'max-size': memory, 'max-file': z.string() }),
		})
		.optional(),
	restart: z.enum(['unless-stopped', 'no']).optional(),
	user: z
		.string()
		.regex(/^\d+:\d+$/)
		.optional(),
	init: z.boolean().optional(),
	read_only: z.boolean().optional(),
	cap_drop: z.array(z.literal('ALL')).optional(),
	cap_add: z.array(z.literal('NET_BIND_SERVICE')).optional(),
	security_opt: z.array(z.literal('no-new-privileges:true')).optional(),
	shm_size: memory.optional(),
	stop_grace_period: seconds.optional(),
});
export type Service = z.infer<typeof serviceSchema>;

export const composeSchema = z.strictObject({
	name: z.string().optional(),
	services: z.record(z.string(), serviceSchema),
	volumes: z.record(z.string(), z.null()).optional(),
	networks: z.record(z.string(), z.union([z.null(), z.strictObject({ internal: z.boolean() })])).optional(),
	secrets: z.record(z.string(), z.strictObject({ file: z.string().startsWith('./secrets/') })).optional(),
});
export type Compose = z.infer<typeof composeSchema>;

/** What `docker compose -f first -f second` makes of two files, as far as deploy/ needs it. */
export function merge(first: Compose, second: Compose): Compose {
	const services = { ...first.services };
	for (const [name, added] of Object.entries(second.services)) {
		const base = services[name] ?? {};
		services[name] = {
			...base,
			...added,
			environment: { ...base.environment, ...added.environment },
			depends_on: { ...base.depends_on, ...added.depends_on },
			deploy: { ...base.deploy, ...added.deploy },
		};
	}
	return {
		services,
		volumes: { ...first.volumes, ...second.volumes },
		networks: { ...first.networks, ...second.networks },
		secrets: { ...first.secrets, ...second.secrets },
	};
}
