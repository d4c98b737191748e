import type { Expectation } from './expectation';

/** Instagram, Messenger, Lead Ads, batches. */
export const OTHERS: Record<string, Expectation[]> = {
	'ig-text.json': [
		{ kind: 'message', turn: true, who: 'igsid=9902220003330001', text: 'Oi! Quanto custa a consultoria? 🙂' },
	],
	'ig-quick-reply.json': [
		{
			kind: 'message',
			turn: true,
			who: 'igsid=9902220003330001',
			text: 'Segunda-feira',
			reply: 'DIA_SEGUNDA',
			type: 'quick_reply',
		},
	],
	'ig-reply.json': [
		{ kind: 'message', turn: true, who: 'igsid=9902220003330001', text: 'Esse sim', target: 'aWdfAlvo1' },
	],
	'ig-story-reply.json': [
		{
			kind: 'message',
			turn: true,
			who: 'igsid=9902220003330001',
			text: 'Que lindo, tem azul?',
			type: 'story_reply',
			target: '17900000011112222',
		},
	],
	'ig-story-mention.json': [
		{ kind: 'message', turn: true, who: 'igsid=9902220003330001', text: '[story_mention]', type: 'story_mention' },
	],
	'ig-image.json': [{ kind: 'message', turn: true, who: 'igsid=9902220003330001', text: '[image] [image]' }],
	'ig-share.json': [{ kind: 'message', turn: true, who: 'igsid=9902220003330001', text: '[share] Receita de bolo' }],
	'ig-unsupported.json': [
		{ kind: 'message', turn: true, who: 'igsid=9902220003330001', text: '[unsupported]', type: 'unsupported' },
	],
	'ig-ad-referral.json': [{ kind: 'message', turn: true, who: 'igsid=9902220003330001', text: 'Quero o desconto' }],
	'ig-deleted.json': [{ kind: 'revoke', who: 'igsid=9902220003330001', text: '[message deleted]' }],
	'ig-self.json': [{ kind: 'message', who: 'igsid=9902220003330001', text: 'teste interno', reason: 'self_message' }],
	'ig-echo.json': [{ kind: 'echo', who: 'igsid=9902220003330001', text: 'Custa R$ 300 por mês' }],
	'ig-echo-unmarked.json': [{ kind: 'echo', who: 'igsid=9902220003330001', text: 'Mensagem da própria loja' }],
	'ig-edit.json': [
		{ kind: 'edit', who: 'igsid=9902220003330001', text: 'Quero dois, na verdade', target: 'aWdfAlvo2' },
		{ kind: 'edit', who: 'igsid=9902220003330001', text: 'Quero três', target: 'aWdfAlvo2' },
	],
	'ig-postback.json': [
		{ kind: 'postback', turn: true, who: 'igsid=9902220003330001', text: 'Ver horários', reply: 'ICE_HORARIOS' },
	],
	'ig-reaction.json': [
		{ kind: 'reaction', who: 'igsid=9902220003330001', text: '❤️', target: 'aWdfAlvo3' },
		{ kind: 'reaction', who: 'igsid=9902220003330001', text: '[reaction removed]', target: 'aWdfAlvo3' },
	],
	'ig-seen.json': [{ kind: 'read', who: 'igsid=9902220003330001', text: '[read]', target: 'aWdfAlvo4' }],
	'ig-referral.json': [{ kind: 'referral', who: 'igsid=9902220003330001', text: '[referral]', reply: 'bio_link' }],
	'ig-optin.json': [{ kind: 'optin', who: 'igsid=9902220003330001', text: 'Receber novidades', reply: 'NOVIDADES' }],
	'ig-unknown-event.json': [{ kind: 'unknown', who: 'igsid=9902220003330001', reason: 'unknown_messaging_event' }],
	'ig-comment.json': [
		{
			kind: 'comment',
			who: 'igsid=9902220003330001 username=leo.demo',
			text: 'Qual o valor?',
			target: '17911000000000001',
		},
	],
	'ig-comment-ad.json': [
		{
			kind: 'comment',
			who: 'igsid=9902220003330001 username=leo.demo',
			text: 'Qual o valor?',
			target: '17877000000000009',
		},
	],
	'ig-comment-flat.json': [{ kind: 'comment', who: 'igsid=9902220003330001 username=leo.demo', text: 'Qual o valor?' }],
	'ig-comment-own.json': [
		{
			kind: 'comment',
			who: 'igsid=17841470011223344 username=loja.sol',
			text: 'Respondemos no direct',
			reason: 'own_comment',
		},
	],
	'ig-live-comment-bare.json': [
		{ kind: 'comment', who: 'igsid=9902220003330001 username=leo.demo', text: 'Boa noite!', type: 'live_comment' },
	],
	'ig-mention-caption.json': [{ kind: 'mention', text: '[mention]' }],
	'ig-mention-comment.json': [{ kind: 'mention', text: '[mention]' }],
	'ig-story-insights.json': [{ kind: 'account' }],
	'ig-dashboard-message.json': [{ kind: 'message', turn: true, who: 'igsid=12334', text: 'demo_text', account: '0' }],
	'page-text.json': [{ kind: 'message', turn: true, who: 'psid=7700110022003300', text: 'Vocês fazem entrega?' }],
	'page-image.json': [{ kind: 'message', turn: true, who: 'psid=7700110022003300', text: '[image]' }],
	'page-location.json': [
		{ kind: 'message', turn: true, who: 'psid=7700110022003300', text: 'Estou aqui', type: 'location' },
	],
	'page-postback.json': [
		{ kind: 'postback', turn: true, who: 'psid=7700110022003300', text: 'Começar', reply: 'GET_STARTED' },
	],
	'page-echo.json': [{ kind: 'echo', who: 'psid=7700110022003300', text: 'Entregamos sim' }],
	'page-delivery.json': [
		{ kind: 'status', who: 'psid=7700110022003300', status: 'delivered' },
		{ kind: 'status', who: 'psid=7700110022003300', status: 'delivered' },
	],
	'page-read.json': [{ kind: 'read', who: 'psid=7700110022003300', text: '[read]' }],
	'page-optin.json': [{ kind: 'optin', who: 'psid=7700110022003300', text: 'Ofertas' }],
	'page-handover.json': [{ kind: 'handover', who: 'psid=7700110022003300', text: '[pass_thread_control]' }],
	'page-standby.json': [{ kind: 'standby', who: 'psid=7700110022003300', text: 'Alguém aí?' }],
	'page-feed-comment.json': [
		{ kind: 'comment', who: 'psid=7700110022003300', text: 'Tem tamanho M?', target: '208_11' },
		{ kind: 'comment', who: 'psid=7700110022003300', text: '[comment]', type: 'comment_remove' },
	],
	'page-feed-like.json': [{ kind: 'unknown', reason: 'unhandled_feed_item' }],
	'page-mention.json': [{ kind: 'mention', who: 'psid=7700110022003300', text: 'Olha a Loja Sol' }],
	'page-leadgen.json': [{ kind: 'leadgen', text: '[lead form]', id: '881100229933', reply: '551002003' }],
	'page-leadgen-big-ids.json': [
		{ kind: 'leadgen', text: '[lead form]', id: '98765432109876543' },
		{ kind: 'leadgen', text: '[lead form]', id: '98765432109876544', account: '208811447733' },
	],
	'page-unknown-field.json': [{ kind: 'unknown', reason: 'unknown_field' }],
	'unknown-object.json': [{ kind: 'unknown', reason: 'unknown_object' }],
	'empty-entry.json': [{ kind: 'unknown', reason: 'no_entries' }],
	'batch-wa-messages-statuses.json': [
		{ kind: 'message', turn: true, who: 'phone=5551966330044', text: 'Eu cheguei segunda', name: 'Dora Prado' },
		{ kind: 'message', turn: true, who: 'phone=5585988110022', text: 'Eu cheguei primeiro', name: 'Rosa Lima' },
		{ kind: 'status', who: 'phone=5585988110022', status: 'read' },
		{ kind: 'status', who: 'phone=5585988110022', status: 'delivered' },
	],
	'batch-wa-duplicates.json': [{ kind: 'message', turn: true, who: 'phone=5585988110022', text: 'Mensagem repetida' }],
	'batch-wa-accounts.json': [
		{ kind: 'message', turn: true, who: 'phone=5585988110022', text: 'Para a loja', account: '402200917764310' },
		{ kind: 'message', turn: true, who: 'phone=5585988110022', text: 'Para a oficina', account: '402200917769999' },
		{ kind: 'template', account: '318840027715777' },
	],
	'batch-wa-mixed.json': [
		{ kind: 'message', turn: true, who: 'phone=5585988110022', text: 'Oi, tudo bem?' },
		{ kind: 'unknown', reason: 'item_not_an_object' },
		{ kind: 'message', turn: true, who: 'bsuid=BR.55500011122233344455 username=nina.alves', text: '[image]' },
		{ kind: 'reaction', who: 'phone=5531977220033', text: '🔥' },
		{ kind: 'unknown', who: 'phone=5531977220033', text: '[text]', reason: 'unknown_message_type' },
		{ kind: 'status', who: 'phone=5585988110022', status: 'sent' },
		{ kind: 'unknown', reason: 'item_not_an_object' },
		{ kind: 'status', who: 'phone=5531977220033', status: 'failed', code: 131026 },
		{ kind: 'error' },
		{ kind: 'echo', who: 'phone=5585988110022', text: 'Respondi pelo celular' },
		{ kind: 'preference', who: 'phone=5585988110022', text: 'stop', type: 'stop' },
		{ kind: 'unknown', reason: 'unknown_field' },
		{ kind: 'unknown', reason: 'no_items' },
		{ kind: 'unknown', reason: 'change_not_an_object' },
	],
	'batch-ig-mixed.json': [
		{ kind: 'message', turn: true, who: 'igsid=9902220003330001', text: 'Primeira', account: '17841470011223344' },
		{ kind: 'read', who: 'igsid=9902220003330001', text: '[read]' },
		{ kind: 'message', turn: true, who: 'igsid=9902220003330001', text: 'Segunda' },
		{ kind: 'comment', who: 'igsid=9902220003330001 username=leo.demo', text: 'Qual o valor?' },
		{
			kind: 'message',
			turn: true,
			who: 'igsid=9902220003330001',
			text: 'Para outra conta',
			account: '17841470099887766',
		},
	],
	'batch-page-mixed.json': [
		{ kind: 'message', turn: true, who: 'psid=7700110022003300', text: 'Preciso de ajuda' },
		{ kind: 'read', who: 'psid=7700110022003300', text: '[read]' },
		{ kind: 'leadgen', text: '[lead form]', id: '881100229977' },
		{ kind: 'unknown', reason: 'leadgen_without_id' },
	],
};
