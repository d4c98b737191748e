import { MENU_ASKS } from './defaults';
import { fold } from './sentinel/text/fold';
import type { Route, Routing } from './types';

/** A chosen agent, the menu to send, or nothing: the agent of the channel account answers. */
export type RouteChoice = { agentId: string; by: 'menu' | 'words' | 'contact' } | { ask: string } | null;

const plain = (text: string): string =>
	` ${fold(text)
		.replace(/[^\p{L}\p{N}]+/gu, ' ')
		.trim()} `;
/** "opção 1", "quero 2", "1." */
const CHOICE = /^(?:(?:opcao|opcion|option|numero|number|quero|digito|a|o|la|el|the) )*(\S+)$/;

const isMenu = ({ key, label }: Route): boolean => key !== null && label !== null;
/** The one agent of some routes; two make it unclear. */
function only(routes: Route[]): string | null {
	const agents = new Set(routes.map(({ agentId }) => agentId));
	return agents.size === 1 ? routes[0].agentId : null;
}

/** The answer to a menu: its key alone, or the name of one option. */
function chosenInMenu(routes: Route[], text: string): string | null {
	const said = CHOICE.exec(text.trim())?.[1];
	const byKey = routes.filter(({ key }) => key !== null && plain(key).trim() === said);
	return only(byKey) ?? only(routes.filter(({ label }) => label !== null && text.includes(plain(label))));
}

/** Finds the agent of a new conversation by fixed rules: who wrote, what the menu was answered with, which words fell. No model is asked. */
export function chooseRoute({ greeting, asks, contactType, routes }: Routing, said: string): RouteChoice {
	const known = routes.find(({ contactTypes }) => contactType !== null && contactTypes.includes(contactType));
	if (known) return { agentId: known.agentId, by: 'contact' };
	const text = plain(said);
	const menu = routes.filter(isMenu);
	const answered = asks > 0 ? chosenInMenu(menu, text) : null;
	if (answered) return { agentId: answered, by: 'menu' };
	const spoken = only(routes.filter(({ words }) => words.some((word) => text.includes(plain(word)))));
	if (spoken) return { agentId: spoken, by: 'words' };
	if (menu.length === 0 || asks >= MENU_ASKS) return null;
	return { ask: [greeting, ...menu.map(({ key, label }) => `${key} - ${label}`)].join('\n') };
}
