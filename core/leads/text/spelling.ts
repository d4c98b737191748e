import { remembered } from './remembered';

/** Long words that carry a decision, and so are worth repairing. One slip of the finger away they still count. */
const KEY_WORDS =
	'matricula matricular orcamento curriculo emprestimo informacoes funciona interesse interessado agendar avaliacao consulta contratar contrato mensalidade clareamento implante aparelho academia musculacao empresa trabalho faculdade fornecedor parceria pagamento desconto parcelam parcelar promocao seguidores proposta reuniao anuncio marketing atendimento tratamento endereco estacionamento contratando oportunidade representante revendedor estudante entrevista pesquisa questionario cancelar remarcar desmarcar comprovante segunda relatorio aniversario almoco jantar mercado farmacia remedio chegando saindo ganhou sorteado bloqueada gostaria conhecer comecar preciso precisando experimental duvida valores planos preco quanto custa numero errado enganado equipamentos suplementos vendedor vendedora atacado automatico horario sabado segunda saudade'.split(
		' ',
	);
/** Right words that are one letter away from a key word. */
const OTHER_WORDS = new Set(
	'quando number numbers person information interested interest contract planned values dinner contact conocer empezar mercados contatos contato contado contada trabalha trabalhe trabalhou empresas mercados consultas segunda segundo saido seguidor preciosa precisa precisam precisamos precise comecei comeca gostariam conhece conhecem funcionam funcionar contratam contratos contratei contrata agenda agendei agendado cancela cancelei remarque desconta anuncie anuncia interessada interessa interessam duvidas valores valorem planes pianos propostas reunioes custam almocar almoca jantei janta chegaram saindo numeros errada erradas ganha ganham horarios parcela parcelas parcelado avaliacoes pesquisar pesquise pesquisas entrevistar entrevistas sabados remedios consulto consultor consultora preto presa presta precos prato quanta quantas costa costas casta numera matriculas matriculei matriculado interessado estudantes vendedores trabalhos saudades jantar comecar pagamentos tratamentos anuncios implantes aparelhos'.split(
		' ',
	),
);
const LETTERS = 6;

/** Each key word under each form that lacks one letter: two words one edit apart share such a form. */
const BY_GAP = new Map<string, string>();
const KNOWN = new Set(KEY_WORDS);
const gaps = (word: string): string[] =>
	Array.from({ length: word.length }, (_, at) => word.slice(0, at) + word.slice(at + 1));
for (const word of KEY_WORDS) {
	if (word.length < LETTERS) continue;
	for (const form of [word, ...gaps(word)]) if (!BY_GAP.has(form)) BY_GAP.set(form, word);
}

/** The key word one letter away: lost, added, changed, or swapped with its neighbour. */
export const repaired = remembered((word) => {
	if (word.length < LETTERS - 1 || word.length > 20 || KNOWN.has(word) || OTHER_WORDS.has(word)) return word;
	const direct = BY_GAP.get(word);
	if (direct !== undefined && !endsOtherwise(word, direct)) return direct;
	for (const form of gaps(word)) {
		const found = BY_GAP.get(form);
		if (found !== undefined && found[0] === word[0] && found.length >= word.length - 1 && !endsOtherwise(found, word))
			return found;
	}
	return word;
});

/** Do they differ in their last letter alone? Endings are grammar rather than a slip. */
const endsOtherwise = (one: string, other: string): boolean =>
	one.startsWith(other.slice(0, -1)) || other.startsWith(one.slice(0, -1));
