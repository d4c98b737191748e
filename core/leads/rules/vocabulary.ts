import type { WordClasses } from './pattern';

/** Classes of words that the rules share, without accents, in the forms that slang is brought to. */
export const WORDS: WordClasses = {
	kin: 'mae maezinha mamae mainha pai paizinho papai painho mano mana irmao irma irmaozinho maninho maninha vo vovo vozinha avo tia tio titia titio prima primo filha filho filhota filhote filhinha filhinho sogra sogro cunhada cunhado nora genro sobrinha sobrinho madrinha padrinho comadre compadre neta neto mom mum dad daddy mommy bro sis grandma grandpa auntie mami papi mama papa tita hermano hermana hijo hija abuela abuelo marido esposa',
	sweet:
		'amor amorzinho amore mor mozao moh vida vidinha bebe bb nenem benzinho xuxu gatinha gatinho princesa paixao love babe honey darling sweetie cari cariño',
	mate: 'amigo amiga amigao miga migo parca parceiro veio vei cara brother broder bicho mermao maluco galera pessoal bro dude buddy amiguinha',
	want: 'quero queria queremos queriamos gostaria gostariamos pretendo pretendemos desejo desejamos preciso precisamos precisava vou vamos bora posso podemos consigo conseguimos estou to decidi decidimos want wanna would need looking ready quiero quisiera queremos necesito necesitamos vamos puedo podemos',
	wish: 'quero queria queremos queriamos gostaria gostariamos preciso precisamos precisava want need quiero quisiera necesito',
	buy: 'fechar fecho fechamos fechado contratar contrato comprar compro assinar assino pagar pago pagamos matricular inscrever inscrevo adquirir garantir garanto reservar reserve reserva encomendar pedir migrar hire buy purchase subscribe pagarlo comprar contratar reservar inscribirme apuntarme matricularme enroll order firmar',
	book: 'agendar agenda agendo marcar marca marco encaixar encaixe book schedule agendarme agendamento remarcar',
	start: 'comecar comeco comecamos comece iniciar inicio iniciamos entrar treinar start begin empezar comenzar',
	now: 'hoje agora ja amanha urgente urgencia imediato imediatamente logo segunda terca quarta quinta sexta sabado domingo today tomorrow tonight now asap immediately monday tuesday wednesday thursday friday saturday sunday hoy ahora ya manana lunes martes miercoles jueves viernes',
	price:
		'valor valores preco precos custa custam custo custaria orcamento orcamentos tabela mensalidade investimento price prices cost costs pricing precio precios cuesta cuestan presupuesto tarifa',
	not: 'nao nunca jamais nem sem not dont no never sin',
	goods:
		'produto produtos equipamento equipamentos material materiais insumo insumos peca pecas uniforme uniformes suplemento suplementos embalagem embalagens maquina maquinas maquininha software sistema solucao solucoes catalogo atacado revenda linha marca supplies equipment packaging products insumos maquinaria',
	firm: 'empresa agencia distribuidora fabrica industria grafica representante consultoria assessoria escritorio estudio studio fornecedora fornecedor loja transportadora importadora company agency supplier vendor manufacturer startup proveedor',
	job: 'emprego vaga vagas oportunidade trabalho estagio curriculo curriculos contratando recrutando selecao processo+seletivo jovem+aprendiz menor+aprendiz job jobs hiring vacancy vacancies internship resume empleo curriculum trabajo',
	craft:
		'designer recepcionista vendedor vendedora auxiliar assistente secretaria professor professora personal instrutor instrutora fotografo fotografa videomaker editor editora redator redatora copywriter gestor gestora social+media programador programadora desenvolvedor desenvolvedora freelancer freela motoboy faxineira diarista cozinheira estagiario estagiaria dentista nutricionista fisioterapeuta esteticista educador educadora tecnico tecnica analista eletricista pintor pedreiro estudante atendente caixa gerente coordenador coordenadora manicure cabeleireira enfermeira',
	study:
		'faculdade escola colegio universidade curso tcc monografia mestrado doutorado pesquisa academica tese dissertacao semestre universitario universitaria university college school thesis homework universidad facultad tesis escuela',
	mine: 'meu minha meus minhas nosso nossa nossos nossas my our mi mis nuestro nuestra',
	matter:
		'consulta horario atendimento pedido fatura boleto contrato plano mensalidade matricula acesso login senha conta cadastro encomenda entrega agendamento sessao treino aula ficha exame protese provisorio aparelho restauracao campanha campanhas relatorio site projeto assinatura cartao carteirinha catraca retorno cirurgia manutencao avaliacao cobranca parcela parcelas pagamento nota compra order appointment account invoice subscription membership cita pedido factura cuenta',
	trouble:
		'remarcar desmarcar reagendar adiar cancelar pausar trancar congelar suspender alterar mudar trocar renovar atrasou atrasado atrasada atrasar vencido vencida vence venceu errado errada problema caiu quebrou soltou quebrado bloqueado bloqueada parou travou duplicado reschedule cancel move pause cancelar reprogramar mover cambiar',
	home: 'casa janta jantar almoco almocar cafe mercado feira padaria pao leite carne arroz portao chave chaves lixo louca roupa cachorro cachorra crianca criancas escola creche farmacia remedio remedios gas carona churrasco festa festinha missa culto igreja louvor ensaio futebol fut pelada cinema praia role cerveja cervejinha breja pizza bolo sobremesa mala sitio chacara cama banho sofa quarto cozinha geladeira',
	domestic:
		'passa traz traga leva busca busque pega pegue compra compre deixa esquece esqueci liga ligue vem manda pick bring buy grab trae compra recoge',
	errandthing:
		'pao leite cafe carne arroz remedio chave chaves gas agua refri refrigerante cerveja fralda gelo racao roupa guarda+chuva lixo mercado padaria farmacia crianca criancas meninos meninas milk bread groceries leche pan',
	prize:
		'premio premiado sorteado sorteada sorteio ganhador ganhadora contemplado contemplada brinde iphone voucher gift+card vale+compras prize winner premio ganador',
	loan: 'emprestimo emprestimos credito consignado fgts financiamento negativado negativados serasa spc score margem loan loans prestamo prestamos credito',
	earn: 'ganhe ganha lucre lucro lucros fature faturar faturando fatura renda rendimento rendimentos ganhos multiplique dobre triplique earn profit income gana ganancias',
	click:
		'clique clica acesse acessa cadastre cadastre-se resgate confirme confirmar aproveite garanta participe inscreva responda digite baixe simule solicite click claim verify join visit haz+clic aprovecha',
	pass: 'repasse repassa repassem compartilhe compartilha compartilhem divulgue divulga encaminhe encaminha envie mande espalhe forward share comparte reenvia',
	town: 'cidade estado pais bairro regiao interior exterior portugal lisboa manaus roraima acre argentina japao eua paraguai',
};
