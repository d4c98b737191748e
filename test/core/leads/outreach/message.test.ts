import { renderMessage, unknownVariables } from '../../../../core/leads/outreach/message';

const lead = { username: 'ana.lima', full_name: '🔥 Ana  Lima' };
const unnamed = { username: 'x1', full_name: null };

test.each([
	['Oi {{first_name}}!', 'Oi Ana!'],
	['Oi {{ primeiro nome }}, aqui é da loja', 'Oi Ana, aqui é da loja'],
	['{{Nome}} (@{{usuário}})', '🔥 Ana Lima (@ana.lima)'],
	['Sem nada', 'Sem nada'],
])('%j becomes %j', (content, text) => expect(renderMessage(content, lead)).toEqual({ text }));

test('a lead of whom the name is not known gets the other words, or no message', () => {
	expect(renderMessage('Oi {{first_name|tudo bem}}?', unnamed)).toEqual({ text: 'Oi tudo bem?' });
	expect(renderMessage('Oi{{first_name|}}!', unnamed)).toEqual({ text: 'Oi!' });
	expect(renderMessage('Oi {{first_name}}!', unnamed)).toEqual({ skipReason: 'missing_variable' });
});

test('a name that is an advertisement, or a template itself, is no name', () => {
	for (const full_name of ['Compre em https://x.co', 'www.site.com', '{{username}}', '<b>Ana</b>']) {
		expect(renderMessage('Oi {{name|você}}', { username: 'x', full_name })).toEqual({ text: 'Oi você' });
	}
});

test('a message is one message of Instagram: 1000 bytes', () => {
	expect(renderMessage('é'.repeat(500), lead)).toEqual({ text: 'é'.repeat(500) });
	expect(renderMessage('é'.repeat(501), lead)).toEqual({ skipReason: 'too_long' });
});

test('variables that no lead has are named', () => {
	expect(unknownVariables('Oi {{1}} {{first_name}} {{cidade|aí}}')).toEqual(['1', 'cidade']);
	expect(unknownVariables('Oi {{constructor}}')).toEqual(['constructor']);
});
