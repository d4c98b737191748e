import { rules } from './support';

const cases: Record<string, string[]> = {
	'PESSOAL familiar': [
		'mãe, chego tarde hoje',
		'amor compra leite na volta',
		'pai que horas você chega',
		'saudade de você',
		'te amo',
		'feliz aniversário, muita saúde!',
		'vó mandou um beijo',
		'bora tomar uma sexta?',
		'já saiu de casa?',
		'hey mom, what time are you coming home?',
		'paz do senhor irmão, culto hoje às 19h',
	],
	'PESSOAL interno': [
		'chefe, terminei o relatório',
		'o fornecedor chegou com o material',
		'a reunião da equipe é às 9h',
		'quem cobre o plantão de sábado?',
		'vou atrasar uns 20 minutos',
		'estou de atestado hoje',
	],
	'PESSOAL cliente_ativo': [
		'preciso remarcar minha consulta de amanhã',
		'quero cancelar meu plano',
		'não consigo acessar o sistema',
		'minha fatura veio errada',
		'segunda via do boleto',
		'cadê meu pedido? ainda não chegou',
	],
	SPAM: [
		'EMPRÉSTIMO APROVADO na hora, clique https://x.top/a',
		'Parabéns! Você ganhou um iPhone. Resgate em bit.ly/abc',
		'Sua conta será bloqueada, atualize seus dados: http://a.top',
		'lucro garantido com bitcoin, entre no grupo vip https://t.me/x',
		'compre seguidores reais, 10k por R$ 50',
		'renda extra trabalhando de casa pelo celular, ganhe R$ 300 por dia',
		'repasse para 10 contatos',
		'disparo em massa no whatsapp sem bloqueio',
		'v1agra sem receita, frete grátis',
		'fotos e vídeos exclusivos sem censura http://x.site',
		'vote 99, conto com seu voto, compartilhe',
		'Hi, we found SEO errors on your website, rank first on google',
	],
	DESQUALIFICADO: [
		'vocês estão contratando?',
		'segue meu currículo',
		"I'm looking for a job, are you hiring?",
		'somos fornecedores de embalagens, posso apresentar nosso catálogo?',
		'faço freela de design, se precisarem estou à disposição',
		'preciso entrevistar alguém para o meu tcc',
		'é para um trabalho da faculdade',
		'desculpa, número errado',
		'quem é? não conheço esse número',
		'não tenho interesse',
		'me tira dessa lista',
		'pare de me mandar mensagem',
		'not interested',
		'no me interesa, gracias',
		'moro em Portugal, muito longe pra mim',
	],
};

describe.each(Object.entries(cases))('%s', (expected, texts) => {
	test.each(texts)('%s', (text) => {
		const { classification, personalReason, gate } = rules(text);
		expect([classification, personalReason].filter(Boolean).join(' ')).toBe(expected);
		expect(gate?.rule).toEqual(expect.any(String));
		expect(gate?.evidence.length).toBeLessThanOrEqual(40);
	});
});

test.each([
	'não quero só informação, quero contratar',
	'quero matricular minha mãe',
	'preciso de um fornecedor de sites como vocês, quanto custa?',
	'somos uma clínica e queremos contratar vocês',
	'tenho 10 mil seguidores e quero contratar a gestão do meu instagram',
])('a word of another class takes no buyer away: %s', (text) => {
	expect(rules(text).classification).toMatch(/^LEAD/u);
});

test('what says nothing a lead says is left to a model', () => {
	expect(rules('o sol nasceu bonito aqui na serra')).toMatchObject({ classification: 'PESSOAL', unsure: true });
});

test('a link alone is no verdict against a question', () => {
	expect(rules('meu site é www.minhaloja.com.br, quanto custa pra vocês melhorarem?').classification).toMatch(/^LEAD/u);
});
