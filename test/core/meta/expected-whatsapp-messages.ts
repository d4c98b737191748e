import type { Expectation } from './expectation';

/** WhatsApp: what people send. */
export const WHATSAPP_MESSAGES: Record<string, Expectation[]> = {
	'wa-text.json': [
		{ kind: 'message', turn: true, who: 'phone=5585988110022', text: 'Bom dia! Vocês atendem no sábado?' },
	],
	'wa-text-escaped.json': [
		{ kind: 'message', turn: true, who: 'phone=5531977220033', text: 'Olá, é aqui a ação de verão? 🏖️' },
	],
	'wa-text-referral-ad.json': [
		{ kind: 'message', turn: true, who: 'phone=5585988110022', text: 'Vi o anúncio e quero uma aula' },
	],
	'wa-text-referral-post.json': [
		{ kind: 'message', turn: true, who: 'phone=5551966330044', text: 'Ainda tem vaga para março?' },
	],
	'wa-text-referred-product.json': [
		{
			kind: 'message',
			turn: true,
			who: 'phone=5531977220033',
			text: 'Esse kit serve para iniciante?',
			target: 'wamid.AFPRODUTO01',
		},
	],
	'wa-text-reply.json': [
		{
			kind: 'message',
			turn: true,
			who: 'phone=5551966330044',
			text: 'Esse horário mesmo',
			target: 'wamid.AFHORARIO09',
		},
	],
	'wa-text-forwarded.json': [
		{ kind: 'message', turn: true, who: 'phone=5585988110022', text: 'Promoção válida até sexta' },
	],
	'wa-image.json': [
		{ kind: 'message', turn: true, who: 'phone=5585988110022', text: 'Fachada da loja', media: '7700110011' },
	],
	'wa-image-without-caption.json': [
		{ kind: 'message', turn: true, who: 'phone=5531977220033', text: '[image]', media: '7700110012' },
	],
	'wa-audio.json': [{ kind: 'message', turn: true, who: 'phone=5551966330044', text: '[audio]', media: '7700110013' }],
	'wa-video.json': [
		{ kind: 'message', turn: true, who: 'phone=5585988110022', text: 'Treino de ontem', media: '7700110014' },
	],
	'wa-document.json': [
		{ kind: 'message', turn: true, who: 'phone=5531977220033', text: 'Segue assinado', media: '7700110015' },
	],
	'wa-document-without-caption.json': [
		{ kind: 'message', turn: true, who: 'phone=5531977220033', text: '[document: boleto.pdf]', media: '7700110016' },
	],
	'wa-sticker.json': [
		{ kind: 'message', turn: true, who: 'phone=5551966330044', text: '[sticker]', media: '7700110017' },
	],
	'wa-location.json': [
		{
			kind: 'message',
			turn: true,
			who: 'phone=5585988110022',
			text: '[location] Padaria Sol, Rua das Flores, 90, (-3.7319, -38.5267)',
		},
	],
	'wa-location-bare.json': [
		{ kind: 'message', turn: true, who: 'phone=5585988110022', text: '[location] (-3.5, -38.25)' },
	],
	'wa-contacts.json': [
		{ kind: 'message', turn: true, who: 'phone=5531977220033', text: '[contacts] Bento Reis +55 31 3333-1010' },
	],
	'wa-contacts-vcard.json': [
		{
			kind: 'message',
			turn: true,
			who: 'bsuid=BR.70010020030040050060 username=tiago.melo',
			text: '[contacts] Clara Nunes Demo +55 31 98888-2020',
		},
	],
	'wa-button-reply.json': [
		{
			kind: 'message',
			turn: true,
			who: 'phone=5585988110022',
			text: 'Confirmar visita',
			target: 'wamid.AFPERGUNTA1',
			reply: 'confirmar-visita',
		},
	],
	'wa-list-reply.json': [
		{ kind: 'message', turn: true, who: 'phone=5551966330044', text: 'Plano trimestral', reply: 'plano-trimestral' },
	],
	'wa-flow-reply.json': [
		{
			kind: 'message',
			turn: true,
			who: 'phone=5585988110022',
			text: '[flow reply] objetivo: emagrecer; dias: 3',
			type: 'flow_reply',
		},
	],
	'wa-flow-reply-text.json': [
		{ kind: 'message', turn: true, who: 'phone=5585988110022', text: '[flow reply] sem formato', type: 'flow_reply' },
	],
	'wa-payment-method.json': [{ kind: 'message', turn: true, who: 'phone=5531977220033', text: '[payment_method]' }],
	'wa-template-button.json': [
		{
			kind: 'message',
			turn: true,
			who: 'phone=5551966330044',
			text: 'Quero remarcar',
			target: 'wamid.AFMODELO3',
			reply: 'QUERO_REMARCAR',
		},
	],
	'wa-order.json': [
		{
			kind: 'message',
			turn: true,
			who: 'phone=5531977220033',
			text: '[order] Entrega em casa? 2 x kit-luvas-01 (59.9 BRL); 1 x corda-02 (30 BRL)',
		},
	],
	'wa-reaction.json': [
		{ kind: 'reaction', who: 'phone=5585988110022', text: '👏', target: 'wamid.AFALVO7', type: 'reaction' },
	],
	'wa-reaction-removed.json': [
		{
			kind: 'reaction',
			who: 'phone=5585988110022',
			text: '[reaction removed]',
			target: 'wamid.AFALVO7',
			type: 'reaction_removed',
		},
	],
	'wa-reaction-removed-empty.json': [
		{
			kind: 'reaction',
			who: 'phone=5551966330044',
			text: '[reaction removed]',
			target: 'wamid.AFALVO8',
			type: 'reaction_removed',
		},
	],
	'wa-edit-text.json': [
		{ kind: 'edit', who: 'phone=5531977220033', text: 'Quis dizer quinta, não quarta', target: 'wamid.AFORIG1' },
	],
	'wa-edit-image.json': [
		{ kind: 'edit', who: 'phone=5531977220033', text: 'Legenda corrigida', target: 'wamid.AFORIG2' },
	],
	'wa-revoke.json': [
		{ kind: 'revoke', who: 'phone=5551966330044', text: '[message deleted]', target: 'wamid.AFORIG3' },
	],
	'wa-system-number-changed.json': [
		{
			kind: 'system',
			who: 'phone=5585999887766 previous=5585988110022',
			text: 'User Rosa Lima changed number',
			type: 'user_changed_number',
		},
	],
	'wa-system-user-id-changed.json': [
		{
			kind: 'system',
			who: 'phone=5585912345678 bsuid=BR.66667777888899990000 parentBsuid=BR.ENT.20202020202020202020 previous=5585988110022/BR.11112222333344445555',
			text: 'User Rosa Lima changed id',
			type: 'user_changed_user_id',
		},
	],
	'wa-system-user-id-changed-no-phone.json': [
		{
			kind: 'system',
			who: 'bsuid=BR.30003000300030003000 previous=/BR.20002000200020002000',
			text: 'User id changed',
			type: 'user_changed_user_id',
		},
	],
	'wa-user-id-update.json': [
		{
			kind: 'system',
			who: 'bsuid=BR.41414141414141414141 previous=/BR.40404040404040404040',
			text: '[user_id_update]',
		},
	],
	'wa-unsupported.json': [{ kind: 'message', turn: true, who: 'phone=5531977220033', text: '[unsupported: poll]' }],
	'wa-request-welcome.json': [{ kind: 'system', who: 'phone=5551966330044', text: '[opened the chat]' }],
	'wa-group-text.json': [{ kind: 'group', who: 'phone=5551966330044', text: 'Pessoal, confirmado às 19h' }],
	'wa-group-unsupported.json': [{ kind: 'group', who: 'phone=5551966330044', text: '[unsupported]' }],
	'wa-username.json': [
		{
			kind: 'message',
			turn: true,
			who: 'bsuid=BR.55500011122233344455 username=nina.alves',
			text: 'Dá para parcelar?',
		},
	],
	'wa-username-parent.json': [
		{
			kind: 'message',
			turn: true,
			who: 'bsuid=BR.55500011122233344455 parentBsuid=BR.ENT.99900011122233344455 username=nina.alves',
			text: 'Dá para parcelar?',
		},
	],
	'wa-username-and-phone.json': [
		{
			kind: 'message',
			turn: true,
			who: 'phone=5571955443322 bsuid=BR.55500011122233344455 username=nina.alves',
			text: 'Dá para parcelar?',
		},
	],
	'wa-bsuid-in-from.json': [
		{ kind: 'message', turn: true, who: 'bsuid=BR.55500011122233344455', text: 'Dá para parcelar?' },
	],
	'wa-draft-empty-wa-id.json': [
		{ kind: 'message', turn: true, who: 'bsuid=user.0a1b2c3d4e5f username=nina.alves', text: 'Dá para parcelar?' },
	],
	'wa-without-sender.json': [{ kind: 'message', text: 'Dá para parcelar?', reason: 'no_sender' }],
	'wa-without-sender-one-contact.json': [
		{ kind: 'message', turn: true, who: 'phone=5585988110022', text: 'Sou a única aqui' },
	],
	'wa-without-sender-two-messages.json': [
		{ kind: 'message', text: 'Quem será?', reason: 'no_sender' },
		{ kind: 'message', text: 'E este?', reason: 'no_sender' },
	],
	'wa-conversation-context.json': [
		{ kind: 'message', turn: true, who: 'phone=5585988110022', text: 'Prefiro falar com uma pessoa' },
	],
	'wa-unknown-type.json': [
		{ kind: 'unknown', who: 'phone=5531977220033', text: '[hologram]', reason: 'unknown_message_type' },
	],
	'wa-unknown-field.json': [{ kind: 'unknown', reason: 'unknown_field' }],
	'wa-unknown-array.json': [
		{ kind: 'message', turn: true, who: 'phone=5585988110022', text: 'Tudo certo?' },
		{ kind: 'unknown', reason: 'unknown_part:novelties' },
	],
	'wa-errors.json': [{ kind: 'error' }],
};
