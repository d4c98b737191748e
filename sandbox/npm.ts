import { runToEnd, type RunOptions } from './processes';

/** Runs npm: the one that runs us when there is one, else the one on the PATH. */
export function npm(args: string[], options: RunOptions): Promise<string> {
	const running = process.env.npm_execpath;
	const env = options.env ?? environmentForNpm();
	if (running && /npm-cli\.c?js$/.test(running))
		return runToEnd(process.execPath, [running, ...args], { ...options, env });
	return runToEnd(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, { ...options, env });
}

/** What `npm run` tells its children about our package would make an npm in another folder work on ours. */
export function environmentForNpm(environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
	const ours = /^(npm_package_|npm_lifecycle_|npm_config_local_prefix$|npm_command$|INIT_CWD$|NODE_ENV$)/;
	return Object.fromEntries(Object.entries(environment).filter(([name]) => !ours.test(name)));
}
