interface Manifest {
	name?: string;
	version?: string;
}

/**
 * The version of the n8n that runs this node. n8n tells nodes nothing about itself, but its start script is the main
 * module of its processes and lies beside its manifest. Undefined when this runs in something else.
 */
export function n8nVersion(main: Pick<NodeJS.Module, 'require'> | undefined = require.main): string | undefined {
	try {
		const manifest = main?.require('../package.json') as Manifest | undefined;
		return manifest?.name === 'n8n' ? manifest.version : undefined;
	} catch {
		return undefined;
	}
}
