-- breaking: no
-- What a new installation has reached, for the page that says what is next.

create index audit_events_handshake on audit_events (id) where event_type = 'meta.webhook_verified';

create function note_meta_handshake() returns void
language sql
security definer
set search_path from current
as $$
	select record_audit(null, 'meta.webhook_verified', 'webhook', null, '{}')
		-- Meta asks again whenever somebody presses the button: once an hour says enough.
		where not exists (select 1 from audit_events a where a.event_type = 'meta.webhook_verified' and a.created_at > now() - interval '1 hour')
$$;
comment on function note_meta_handshake() is 'Door. Meta asked with the right verify token and was answered.';

create function setup_facts() returns jsonb
language sql stable
security definer
set search_path from current
as $$
	select jsonb_build_object(
		'verifiedAt', (select max(a.created_at) from audit_events a where a.event_type = 'meta.webhook_verified'),
		'hasEvent', exists (select 1 from webhook_events),
		'tenants', (select count(*) from tenants t where t.status <> 'cancelled'),
		'channelAccounts', (select count(*) from channel_accounts a where a.is_active and a.access_token_encrypted is not null),
		'activeAgents', (select count(*) from agent_versions v where v.is_active),
		'hasModelAnswer', exists (select 1 from llm_usage),
		'hasMessage', exists (select 1 from messages m where m.direction = 'inbound'),
		'hasAnswer', exists (select 1 from outbox_messages o where o.sent_at is not null),
		'hasWaiting', exists (select 1 from message_queue q where q.status in ('queued', 'locked')))
$$;
comment on function setup_facts() is 'Door. What an installation has reached, as yes, no and counts over all tenants: nothing of anybody.';

select secure_schema();
