import { chooseRoute, type Route, type Routing } from '../../../core/agents';

const route = (agentId: string, more: Partial<Route>): Route => ({
	...{ key: null, label: null, words: [], contactTypes: [], agentId },
	...more,
});
const routing = (more: Partial<Routing> = {}): Routing => ({
	greeting: 'Olá! Escolha:',
	asks: 0,
	contactType: null,
	routes: [
		route('sales', { key: '1', label: 'Vendas', words: ['comprar', 'preço'] }),
		route('support', { key: '2', label: 'Suporte técnico', words: ['não funciona'] }),
		route('owner', { contactTypes: ['socio'] }),
	],
	...more,
});
const MENU = { ask: 'Olá! Escolha:\n1 - Vendas\n2 - Suporte técnico' };

test.each([
	['oi', MENU],
	['quero COMPRAR um plano', { agentId: 'sales', by: 'words' }],
	['Qual o preco?', { agentId: 'sales', by: 'words' }],
	['meu app não funciona', { agentId: 'support', by: 'words' }],
	['quero comprar mas não funciona', MENU],
	// A digit in a first message is no choice: nothing was offered yet.
	['2', MENU],
])('a first message "%s" finds its agent or the menu', (said, expected) => {
	expect(chooseRoute(routing(), said)).toEqual(expected);
});

test.each([
	['1', 'sales'],
	[' 2. ', 'support'],
	['opção 2', 'support'],
	['Quero a 1', 'sales'],
	['VENDAS por favor', 'sales'],
	['suporte tecnico', 'support'],
])('the menu answered with "%s"', (said, agentId) => {
	expect(chooseRoute(routing({ asks: 1 }), said)).toEqual({ agentId, by: 'menu' });
});

test.each(['12', 'tenho 2 filhos e 1 cachorro', '3', '👍', ''])(
	'"%s" is no choice: it is asked again, then answered all the same',
	(said) => {
		expect(chooseRoute(routing({ asks: 1 }), said)).toEqual(MENU);
		expect(chooseRoute(routing({ asks: 2 }), said)).toBeNull();
	},
);

test('who is known goes to the agent of their kind, whatever they write', () => {
	expect(chooseRoute(routing({ contactType: 'socio' }), 'quero comprar')).toEqual({ agentId: 'owner', by: 'contact' });
	expect(chooseRoute(routing({ contactType: 'cliente' }), 'oi')).toEqual(MENU);
});

test('without options there is no menu', () => {
	expect(chooseRoute(routing({ routes: [route('sales', { words: ['comprar'] })] }), 'oi')).toBeNull();
});
