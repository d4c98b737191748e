import { parseArgs } from 'node:util';
import { recordReleases } from './releases';
import { savedParameters } from './saved-parameters';
import { writeDocs } from './docs';

const HELP = `What is made from the sources and kept in the repository.

  npm run docs                              docs/nodes, docs/workflows and the pictures of the workflows
  npm run workflows:record -- --note "..."  after a change of a shipped workflow: raises its version and records it
`;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
	const { positionals, values } = parseArgs({ allowPositionals: true, options: { note: { type: 'string' } } });
	if (positionals[0] === 'docs') writeDocs(say);
	else if (positionals[0] === 'releases') recordReleases({ note: values.note, saved: savedParameters(), say });
	else say(HELP);
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
