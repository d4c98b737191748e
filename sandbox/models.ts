/** Which model answers in the sandbox, and where the two credentials point. */
export interface SandboxModels {
	/** What the seeded agents are compiled with. */
	llm: { provider: 'anthropic' | 'openai'; baseUrl: string; scripted: boolean };
	anthropic: { apiKey: string; url: string };
	openAi: { apiKey: string; url: string };
	/** For the person: who answers. */
	label: string;
}

/** A key in the environment means the real model; without one the stand-in answers by script, and says so. */
export function chooseModels(standInUrl: string, environment: NodeJS.ProcessEnv): SandboxModels {
	const anthropicKey = environment.ANTHROPIC_API_KEY?.trim();
	const openAiKey = environment.OPENAI_API_KEY?.trim();
	const anthropic = anthropicKey
		? { apiKey: anthropicKey, url: environment.ANTHROPIC_BASE_URL?.trim() || 'https://api.anthropic.com' }
		: { apiKey: 'scripted-stand-in', url: standInUrl };
	const openAi = openAiKey
		? { apiKey: openAiKey, url: environment.OPENAI_BASE_URL?.trim() || 'https://api.openai.com/v1' }
		: { apiKey: 'scripted-stand-in', url: `${standInUrl}/v1` };
	if (anthropicKey) {
		return {
			anthropic,
			openAi,
			llm: { provider: 'anthropic', baseUrl: anthropic.url, scripted: false },
			label: 'Anthropic (ANTHROPIC_API_KEY)',
		};
	}
	if (openAiKey) {
		return {
			anthropic,
			openAi,
			llm: { provider: 'openai', baseUrl: openAi.url, scripted: false },
			label: 'OpenAI (OPENAI_API_KEY)',
		};
	}
	return {
		anthropic,
		openAi,
		llm: { provider: 'anthropic', baseUrl: anthropic.url, scripted: true },
		label: 'a script on this machine, no model (set ANTHROPIC_API_KEY or OPENAI_API_KEY for a real one)',
	};
}
