import { fold } from './text/fold';
import { pass, type CheckFactory } from './types';

/** Ways in which people try to give the agent new orders. */
const MARKERS: Readonly<Record<string, RegExp>> = {
	ignore_instructions:
		/(?:ignor[ae]r?|esque(?:ca|ce|cer)|desconsider[ae]r?|desobedec[ae]r?|disregard|forget|olvida)(?:\s\p{L}+){0,4}\s(?:instruc\p{L}+|regras?|prompts?|orientac\p{L}+|instructions?|rules|reglas)/u,
	reveal_prompt:
		/(?:mostr[ae]r?|revel[ae]r?|repita|repete|imprim[ae]|qual|quais|show|reveal|print|repeat|what|muestra)(?:\s\p{L}+){0,5}\s(?:system prompt|prompt|prompt do sistema|suas instruc\p{L}+|your instructions|tus instrucciones|regras internas)/u,
	new_role:
		/(?:voce agora e|a partir de agora voce|you are now|from now on you|ahora eres|modo desenvolvedor|developer mode|jailbreak|\bdan\b mode)/u,
	fake_markup:
		/<\/?\s*(?:system|assistant|document|instructions?)\b|\[\/?inst\]|<\|im_(?:start|end)\|>|^\s*#{2,}\s*(?:system|instruc)|(?:^|\n)\s*(?:system|sistema)\s*:/u,
};

/** Makes attempts visible. They are let through: what customers write is data to the model, and the output stage stands behind it. */
export const createPromptInjectionCheck: CheckFactory =
	() =>
	({ text }) => {
		const folded = fold(text);
		const markers = Object.keys(MARKERS).filter((name) => MARKERS[name].test(folded));
		return markers.length === 0
			? pass('No marker of an injected instruction.')
			: {
					fired: true,
					action: 'allow',
					reason: 'The text looks like an attempt to instruct the agent.',
					details: { markers },
				};
	};
