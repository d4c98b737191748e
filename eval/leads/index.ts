import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { evaluate, GENERIC_PERSONA, parseCases, parsePersona, type Persona } from '../../core/leads';
import { generate } from './grammar/generate';
import { judge, type DecideUnsure } from './judge';
import { modelOf } from './model';
import { toLine, toText } from './report';

const USAGE = `npm run eval:leads -- FILE.jsonl [--persona FILE.json] [--llm]
npm run --silent eval:leads -- --generate SEED > FILE.jsonl

FILE.jsonl has lines {"text", "label", "profile"?, "known"?, "persona"?}.
  label    LEAD_HOT, LEAD_WARM, LEAD_COLD, PESSOAL, SPAM, DESQUALIFICADO, or LEAD where the temperature is open
  known    true, or {"contact_type", "auto_classify_as"}
  persona  one of eval/leads/personas, by name
--persona  JSON with the columns of tenant_personas; without it a business of which nothing is known
--llm      asks a model where the rules are unsure: ANTHROPIC_API_KEY or OPENAI_API_KEY, EVAL_MODEL, ANTHROPIC_BASE_URL or OPENAI_BASE_URL
--generate writes synthetic messages, the same for the same number`;

/** Where the personas stand: beside this file, or in the sources when this is the compiled one. */
const PERSONAS = path.join(process.cwd(), 'eval', 'leads', 'personas');

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const complain = (text: string): void => void process.stderr.write(`${text}\n`);

function personas(file: string | undefined): (name: string | null) => Persona {
	if (file !== undefined) {
		const given = parsePersona(JSON.parse(readFileSync(file, 'utf8')));
		return () => given;
	}
	const read = new Map<string, Persona>();
	return (name) => {
		if (name === null || !/^[a-z-]{1,40}$/u.test(name)) return GENERIC_PERSONA;
		const persona = read.get(name) ?? namedPersona(name);
		read.set(name, persona);
		return persona;
	};
}

function namedPersona(name: string): Persona {
	try {
		return parsePersona(JSON.parse(readFileSync(path.join(PERSONAS, `${name}.json`), 'utf8')));
	} catch {
		return GENERIC_PERSONA;
	}
}

async function evaluateFile(file: string, persona: string | undefined, decideUnsure?: DecideUnsure): Promise<number> {
	const { cases, bad } = parseCases(readFileSync(file, 'utf8'));
	for (const { line, reason } of bad) complain(`${file}:${line}: left out: ${reason}`);
	if (cases.length === 0) {
		complain(`${file} holds no line that could be read.\n\n${USAGE}`);
		return 1;
	}
	const evaluation = evaluate(await judge(cases, personas(persona), { decideUnsure }));
	say(`${toText(evaluation)}\n\n${toLine(evaluation)}`);
	return 0;
}

export async function main(args: readonly string[], decideUnsure?: DecideUnsure): Promise<number> {
	const { values, positionals } = parseArgs({
		args: [...args],
		allowPositionals: true,
		options: {
			persona: { type: 'string' },
			llm: { type: 'boolean', default: false },
			generate: { type: 'string' },
		},
	});
	if (values.generate !== undefined) {
		for (const message of generate(Number(values.generate) || 0)) say(JSON.stringify(message));
		return 0;
	}
	if (positionals.length !== 1) {
		complain(USAGE);
		return 1;
	}
	if (values.llm && decideUnsure === undefined) {
		complain(
			'Not run: set ANTHROPIC_API_KEY or OPENAI_API_KEY for a model, or leave out --llm to measure the rules alone.',
		);
		return 2;
	}
	return evaluateFile(positionals[0], values.persona, values.llm ? decideUnsure : undefined);
}

if (require.main === module) {
	main(process.argv.slice(2), modelOf(process.env)).then(
		(code) => {
			process.exitCode = code;
		},
		(error: unknown) => {
			complain(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
			process.exitCode = 1;
		},
	);
}
