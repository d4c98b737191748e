-- breaking: no
-- One worker at a time speaks to a conversation of Chatwoot, in order; a send whose outcome nobody knows is looked up before it is made again.

alter table chatwoot_threads
	alter column chatwoot_contact_id drop not null,
	alter column chatwoot_conversation_id drop not null,
	alter column source_id drop not null,
	add column pushed_message_id bigint not null default 0,
	add column pushing_message_id bigint,
	add column held_until timestamptz not null default '-infinity',
	add column noted_handoff_id uuid;
comment on column chatwoot_threads.pushed_message_id is 'The newest of our messages that Chatwoot has.';
comment on column chatwoot_threads.pushing_message_id is 'The one that is on its way; left behind by a worker that ended in between, it may be there or not.';
comment on column chatwoot_threads.noted_handoff_id is 'The hand-over whose note stands there.';

create function hold_chatwoot_thread(p_tenant_id uuid, p_conversation_id uuid, p_seconds integer) returns chatwoot_threads
language sql
set search_path from current
as $$
	insert into chatwoot_threads as t (tenant_id, conversation_id, held_until) values (p_tenant_id, p_conversation_id, now() + make_interval(secs => p_seconds))
		on conflict (tenant_id, conversation_id) do update set held_until = excluded.held_until where t.held_until <= now()
		returning t.*
$$;
comment on function hold_chatwoot_thread(uuid, uuid, integer) is 'Takes the thread of a conversation for some seconds: its row; nulls while somebody else has it.';

create function chatwoot_backlog(p_tenant_id uuid, p_conversation_id uuid, p_limit integer)
returns table (id bigint, author text, body text, kind text, way text, created_at timestamptz)
language sql stable
set search_path from current
as $$
	select m.id, m.author, m.body, m.kind, case when o.idempotency_key like 'direct:chatwoot:%' then 'chatwoot' when m.author = 'human' then 'human' else m.author end, m.created_at
	from messages m
	join handoffs h on h.tenant_id = m.tenant_id and h.conversation_id = m.conversation_id and h.returned_at is null and m.created_at >= h.started_at
	left join outbox_messages o on o.tenant_id = m.tenant_id and o.id = m.outbox_id
	where m.tenant_id = p_tenant_id and m.conversation_id = p_conversation_id and m.author in ('contact', 'human') and m.kind <> 'reaction' and m.revoked_at is null
		and m.id > coalesce((select t.pushed_message_id from chatwoot_threads t where t.tenant_id = p_tenant_id and t.conversation_id = p_conversation_id), 0)
	order by m.id limit p_limit
$$;
comment on function chatwoot_backlog(uuid, uuid, integer) is 'What both sides wrote since a person has the conversation and Chatwoot does not have yet, in order.';

select secure_schema();
