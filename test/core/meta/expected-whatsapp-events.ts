import type { Expectation } from './expectation';

/** WhatsApp: statuses, coexistence, routing, groups, templates and accounts. */
export const WHATSAPP_EVENTS: Record<string, Expectation[]> = {
	'wa-status-sent.json': [{ kind: 'status', who: 'phone=5585988110022', status: 'sent' }],
	'wa-status-delivered.json': [{ kind: 'status', who: 'phone=5585988110022', status: 'delivered' }],
	'wa-status-read.json': [{ kind: 'status', who: 'phone=5585988110022', status: 'read' }],
	'wa-status-played.json': [{ kind: 'status', who: 'phone=5585988110022', status: 'played' }],
	'wa-status-deleted.json': [{ kind: 'status', who: 'phone=5585988110022', status: 'deleted' }],
	'wa-status-callback-data.json': [
		{
			kind: 'status',
			who: 'phone=5585988110022 bsuid=BR.11112222333344445555',
			outbox: '0a8e1f6e-5d0c-4c2b-9c11-3f5a7d2b9e01',
			status: 'sent',
		},
	],
	'wa-status-failed-window.json': [{ kind: 'status', who: 'phone=5585988110022', code: 131047, status: 'failed' }],
	'wa-status-failed-nobody.json': [
		{ kind: 'status', outbox: '0a8e1f6e-5d0c-4c2b-9c11-3f5a7d2b9e02', code: 131049, status: 'failed' },
	],
	'wa-status-bsuid.json': [
		{
			kind: 'status',
			who: 'bsuid=BR.55500011122233344455 parentBsuid=BR.ENT.99900011122233344455 username=nina.alves',
			status: 'delivered',
		},
	],
	'wa-status-draft-empty.json': [
		{ kind: 'status', who: 'bsuid=user.0a1b2c3d4e5f username=nina.alves', status: 'delivered' },
	],
	'wa-status-group.json': [
		{
			kind: 'status',
			who: 'phone=5585988110022 bsuid=BR.11112222333344445555',
			status: 'delivered:BR.11112222333344445555',
		},
	],
	'wa-status-unknown.json': [{ kind: 'unknown', who: 'phone=5585988110022', reason: 'unknown_status' }],
	'wa-status-payment.json': [{ kind: 'unknown', who: 'phone=5585988110022', reason: 'unknown_status' }],
	'wa-echo.json': [{ kind: 'echo', who: 'phone=5585988110022', text: 'Fechado, te espero às 10h' }],
	'wa-echo-bsuid.json': [
		{ kind: 'echo', who: 'bsuid=BR.55500011122233344455 username=nina.alves', text: 'Fechado, te espero às 10h' },
	],
	'wa-echo-as-messages.json': [{ kind: 'echo', who: 'phone=5585988110022', text: 'Anotado, obrigado' }],
	'wa-history-threads.json': [
		{ kind: 'history', who: 'phone=5585988110022', text: 'Segue a tabela de preços' },
		{ kind: 'history', who: 'phone=5585988110022', text: '[media_placeholder]' },
		{ kind: 'history', who: 'phone=5585988110022', text: 'Perfeito' },
		{ kind: 'history', who: 'phone=5531977220033', text: 'Até amanhã' },
	],
	'wa-history-context.json': [
		{
			kind: 'history',
			who: 'phone=5585988110022 bsuid=BR.11112222333344445555 parentBsuid=BR.ENT.10101010101010101010 username=rosa.lima',
			text: 'Qual o endereço?',
		},
	],
	'wa-history-media.json': [{ kind: 'history', who: 'phone=5585988110022', text: 'Cardápio', status: 'media' }],
	'wa-history-echoes.json': [{ kind: 'history', who: 'phone=5585988110022', text: 'Já reservei para você' }],
	'wa-history-declined.json': [{ kind: 'history' }],
	'wa-contact-sync.json': [
		{
			kind: 'system',
			who: 'phone=5585988110022 bsuid=BR.11112222333344445555 username=rosa.lima',
			text: '[contact add]',
		},
		{ kind: 'system', who: 'phone=5551966330044', text: '[contact remove]' },
	],
	'wa-preference-stop.json': [
		{
			kind: 'preference',
			who: 'bsuid=BR.55500011122233344455 username=nina.alves',
			text: 'User stopped marketing',
			type: 'stop',
			reply: 'marketing_messages',
		},
	],
	'wa-preference-resume.json': [
		{
			kind: 'preference',
			who: 'phone=5585988110022',
			text: 'User resumed marketing',
			type: 'resume',
			reply: 'marketing_messages',
		},
	],
	'wa-call-connect.json': [{ kind: 'call', who: 'phone=5585988110022', status: 'connect' }],
	'wa-call-created.json': [
		{ kind: 'call', who: 'phone=5585988110022 bsuid=BR.55500011122233344455', status: 'call_created' },
	],
	'wa-call-status.json': [{ kind: 'call', who: 'phone=5585988110022', status: 'RINGING' }],
	'wa-standby-message.json': [{ kind: 'standby', who: 'phone=5551966330044', text: 'Meu pedido chegou trocado' }],
	'wa-standby-echo.json': [{ kind: 'standby', who: 'phone=5551966330044', text: 'Vamos trocar hoje' }],
	'wa-standby-status.json': [{ kind: 'standby', who: 'phone=5551966330044', status: 'read' }],
	'wa-handover.json': [
		{ kind: 'handover', who: 'phone=5585988110022', text: '[control_taken]', account: '402200917764310' },
	],
	'wa-group-lifecycle.json': [
		{ kind: 'group', text: '[group_create]' },
		{ kind: 'group', text: '[group_create]' },
	],
	'wa-group-participants.json': [
		{ kind: 'group', text: '[group_participants_add]' },
		{
			kind: 'group',
			who: 'phone=5551966330044 bsuid=BR.80808080808080808080 username=dora.prado',
			text: '[group_join_request_created]',
		},
	],
	'wa-group-settings.json': [{ kind: 'group', text: '[group_settings_update]' }],
	'wa-group-suspended.json': [{ kind: 'group', text: '[group_suspend]' }],
	'wa-template-status.json': [{ kind: 'template', account: '318840027715001' }],
	'wa-template-rejected.json': [{ kind: 'template' }],
	'wa-template-quality.json': [{ kind: 'template' }],
	'wa-template-category.json': [{ kind: 'template' }],
	'wa-template-components.json': [{ kind: 'template' }],
	'wa-account-restriction.json': [{ kind: 'account', parent: '318840027715001' }],
	'wa-account-partner.json': [{ kind: 'account', parent: '318840027715001', account: '833000444' }],
	'wa-account-alert.json': [{ kind: 'account' }],
	'wa-account-review.json': [{ kind: 'account' }],
	'wa-account-capability.json': [{ kind: 'account' }],
	'wa-account-settings.json': [{ kind: 'account', account: '402200917764310' }],
	'wa-number-name.json': [{ kind: 'account' }],
	'wa-number-quality.json': [{ kind: 'account' }],
	'wa-number-username.json': [{ kind: 'account' }],
	'wa-number-username-draft.json': [{ kind: 'account' }],
	'wa-security.json': [{ kind: 'account' }],
	'wa-flows.json': [{ kind: 'account' }],
	'wa-payment-configuration.json': [{ kind: 'account' }],
	'wa-partner-solution.json': [{ kind: 'account' }],
	'wa-automatic-event.json': [{ kind: 'system', who: 'phone=5585988110022', text: '[LeadSubmitted]' }],
	'wa-user-action.json': [{ kind: 'system', who: 'phone=5585988110022', text: '[marketing_messages_link_click]' }],
	'wa-dashboard-test.json': [
		{ kind: 'message', turn: true, who: 'phone=16315550111', text: 'dashboard test', account: '100200300' },
	],
	'wa-contact-mismatch.json': [
		{ kind: 'message', turn: true, who: 'phone=5585988110022', text: 'Sou eu mesma', name: null },
	],
	'wa-bare-change.json': [{ kind: 'message', turn: true, who: 'phone=5585988110022', text: 'Sem envelope' }],
};
