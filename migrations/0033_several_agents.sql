-- breaking: no
-- Drafts that a person sends, menus and routes to several agents, hand-over between agents, and what agents use a month.

create table reply_drafts (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	conversation_id uuid not null,
	turn_id bigint not null,
	messages jsonb not null check (jsonb_typeof(messages) = 'array'),
	sent_messages jsonb,
	status text not null default 'open' constraint reply_drafts_status_known check (status in ('open', 'sent', 'discarded', 'superseded')),
	decided_by text,
	decided_at timestamptz,
	created_at timestamptz not null default now(),
	primary key (tenant_id, id),
	unique (tenant_id, turn_id),
	foreign key (tenant_id, conversation_id) references conversations (tenant_id, id) on delete cascade,
	constraint reply_drafts_decided_once check ((status = 'open') = (decided_at is null))
);
comment on table reply_drafts is 'What an agent in draft mode would have said; a person sends it, changed or not (sent_messages), or discards it. superseded: the next turn made a newer one.';
create index reply_drafts_conversation on reply_drafts (tenant_id, conversation_id, created_at desc);
create index reply_drafts_open on reply_drafts (tenant_id, created_at) where status = 'open';

create function draft_reply(p_tenant_id uuid, p_conversation_id uuid, p_turn_id bigint, p_parts jsonb) returns void
language sql
set search_path from current
as $$
	update reply_drafts set status = 'superseded', decided_at = now()
		where tenant_id = p_tenant_id and conversation_id = p_conversation_id and status = 'open';
	insert into reply_drafts (tenant_id, conversation_id, turn_id, messages)
		select p_tenant_id, p_conversation_id, p_turn_id, jsonb_agg(m.value -> 'text' order by m.ordinality) from jsonb_array_elements(p_parts) with ordinality m(value, ordinality)
		on conflict (tenant_id, turn_id) do nothing
$$;
comment on function draft_reply(uuid, uuid, bigint, jsonb) is 'Keeps the messages of a turn for a person to send; older drafts of the conversation are superseded.';

create function send_draft(p_tenant_id uuid, p_reply_draft_id uuid, p_texts jsonb, p_actor text) returns jsonb
language plpgsql
set search_path from current
as $$
declare
	v_draft reply_drafts;
	v_texts jsonb;
	v_text record;
	v_outbox jsonb := '[]';
begin
	select * into v_draft from reply_drafts d where d.tenant_id = p_tenant_id and d.id = p_reply_draft_id for update;
	if not found then
		raise exception 'draft % does not exist', p_reply_draft_id using errcode = 'ZF004';
	end if;
	if v_draft.status = 'sent' then
		return jsonb_build_object('status', 'sent', 'done', false, 'conversationId', v_draft.conversation_id);
	elsif v_draft.status <> 'open' then
		raise exception 'draft % is %', p_reply_draft_id, v_draft.status using errcode = 'ZF005';
	end if;
	v_texts := coalesce(nullif(p_texts, '[]'), v_draft.messages);
	for v_text in select (t.ordinality - 1)::integer as position, t.value from jsonb_array_elements_text(v_texts) with ordinality t(value, ordinality) loop
		v_outbox := v_outbox || to_jsonb(enqueue_outbox(p_tenant_id, v_draft.conversation_id, 'direct', 'draft:' || p_reply_draft_id || ':' || v_text.position, v_text.position, null,
			jsonb_build_object('type', 'text', 'text', jsonb_build_object('body', v_text.value, 'preview_url', false)), v_text.value, 'human', null, null));
	end loop;
	update reply_drafts d set status = 'sent', sent_messages = v_texts, decided_by = p_actor, decided_at = now() where d.tenant_id = p_tenant_id and d.id = p_reply_draft_id;
	perform record_audit(p_tenant_id, 'draft.sent', 'reply_draft', p_reply_draft_id::text, jsonb_build_object('turn', v_draft.turn_id, 'changed', v_texts <> v_draft.messages));
	return jsonb_build_object('status', 'sent', 'done', true, 'conversationId', v_draft.conversation_id, 'outboxIds', v_outbox);
end
$$;
comment on function send_draft(uuid, uuid, jsonb, text) is 'Sends a draft in the name of a person, with other texts where given; a second call sends nothing.';

create function discard_draft(p_tenant_id uuid, p_reply_draft_id uuid, p_actor text) returns boolean
language plpgsql
set search_path from current
as $$
begin
	update reply_drafts d set status = 'discarded', decided_by = p_actor, decided_at = now() where d.tenant_id = p_tenant_id and d.id = p_reply_draft_id and d.status = 'open';
	if found then
		perform record_audit(p_tenant_id, 'draft.discarded', 'reply_draft', p_reply_draft_id::text, '{}');
	end if;
	return found;
end
$$;
comment on function discard_draft(uuid, uuid, text) is 'Ends a draft without sending it; false when it was no longer open.';

alter table turns drop constraint turns_outcome_known,
	add constraint turns_outcome_known check (outcome in ('reply', 'handoff', 'silence', 'failed', 'draft'));

alter table agents
	add column accepts_transfers boolean not null default false,
	add column purpose text check (length(purpose) <= 300);
comment on column agents.accepts_transfers is 'Whether other agents of the tenant may hand conversations over to this one.';
comment on column agents.purpose is 'What this agent is for, in a line; other agents read it before they hand over.';

alter table conversations
	add column menu_asks smallint not null default 0,
	add column routed_by text constraint conversations_routed_by_known check (routed_by in ('menu', 'words', 'contact', 'transfer'));
comment on column conversations.menu_asks is 'How often the opening menu was sent.';
comment on column conversations.routed_by is 'What chose agent_id; null: the agent of the channel account answers.';

create table agent_menus (
	tenant_id uuid not null references tenants (id) on delete cascade,
	channel_account_id uuid not null,
	greeting text not null check (length(greeting) between 1 and 900),
	is_active boolean not null default true,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	primary key (tenant_id, channel_account_id),
	foreign key (tenant_id, channel_account_id) references channel_accounts (tenant_id, id) on delete cascade
);
comment on table agent_menus is 'The opening menu of a channel account: what a new conversation is asked when no route is clear yet.';
create trigger touch before update on agent_menus for each row execute function touch_updated_at();

create table agent_routes (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	channel_account_id uuid not null,
	position integer not null,
	option_key text check (length(option_key) between 1 and 10),
	label text check (length(label) between 1 and 60),
	words text[] not null default '{}' check (cardinality(words) <= 50),
	contact_types text[] not null default '{}' check (cardinality(contact_types) <= 10),
	agent_id uuid not null,
	primary key (tenant_id, id),
	unique (tenant_id, channel_account_id, position),
	foreign key (tenant_id, channel_account_id) references agent_menus (tenant_id, channel_account_id) on delete cascade,
	foreign key (tenant_id, agent_id) references agents (tenant_id, id) on delete cascade,
	constraint agent_routes_option_has_label check ((option_key is null) = (label is null))
);
comment on table agent_routes is 'Which agent gets a new conversation: by the option of the menu (option_key, label), by words of the first message, by the type of a known contact.';

create function save_agent_menu(p_tenant_id uuid, p_channel_account_id uuid, p_greeting text, p_is_active boolean, p_routes jsonb) returns integer
language plpgsql
set search_path from current
as $$
declare
	v_routes integer;
begin
	insert into agent_menus (tenant_id, channel_account_id, greeting, is_active) values (p_tenant_id, p_channel_account_id, p_greeting, p_is_active)
		on conflict (tenant_id, channel_account_id) do update set greeting = excluded.greeting, is_active = excluded.is_active;
	delete from agent_routes where tenant_id = p_tenant_id and channel_account_id = p_channel_account_id;
	insert into agent_routes (tenant_id, channel_account_id, position, option_key, label, words, contact_types, agent_id)
		select p_tenant_id, p_channel_account_id, r.ordinality, nullif(r.value ->> 'key', ''), nullif(r.value ->> 'label', ''),
			array(select jsonb_array_elements_text(coalesce(r.value -> 'words', '[]'))), array(select jsonb_array_elements_text(coalesce(r.value -> 'contactTypes', '[]'))),
			(r.value ->> 'agentId')::uuid
		from jsonb_array_elements(p_routes) with ordinality r(value, ordinality);
	get diagnostics v_routes = row_count;
	perform record_audit(p_tenant_id, 'menu.saved', 'channel_account', p_channel_account_id::text, jsonb_build_object('routes', v_routes, 'active', p_is_active));
	return v_routes;
end
$$;
comment on function save_agent_menu(uuid, uuid, text, boolean, jsonb) is 'Replaces the opening menu and the routes of a channel account.';

create function routing_of(p_tenant_id uuid, p_conversation_id uuid) returns jsonb
language plpgsql
stable
set search_path from current
as $$
declare
	v_conversation conversations;
	v_menu agent_menus;
begin
	select * into v_conversation from conversations c where c.tenant_id = p_tenant_id and c.id = p_conversation_id;
	if v_conversation.agent_id is not null then
		return null;
	end if;
	select * into v_menu from agent_menus m where m.tenant_id = p_tenant_id and m.channel_account_id = v_conversation.channel_account_id and m.is_active;
	-- Who was talking to an agent before there was a menu goes on doing so.
	if not found or (v_conversation.menu_asks = 0 and exists (
		select 1 from messages m where m.tenant_id = p_tenant_id and m.conversation_id = p_conversation_id and m.direction = 'outbound'))
	then
		return null;
	end if;
	return jsonb_build_object('greeting', v_menu.greeting, 'asks', v_conversation.menu_asks,
		'contactType', (
			select (known_contact_of(p_tenant_id, ca.kind, array(
				select i.value from contact_identities i where i.tenant_id = p_tenant_id and i.contact_id = v_conversation.contact_id and i.superseded_at is null
				union all select k.username from contacts k where k.tenant_id = p_tenant_id and k.id = v_conversation.contact_id))).contact_type
			from channel_accounts ca where ca.tenant_id = p_tenant_id and ca.id = v_conversation.channel_account_id),
		'routes', coalesce((
			select jsonb_agg(jsonb_build_object('key', r.option_key, 'label', r.label, 'words', r.words, 'contactTypes', r.contact_types, 'agentId', r.agent_id) order by r.position)
			from agent_routes r join agents a on a.tenant_id = r.tenant_id and a.id = r.agent_id and a.status = 'active'
			where r.tenant_id = p_tenant_id and r.channel_account_id = v_conversation.channel_account_id), '[]'));
end
$$;
comment on function routing_of(uuid, uuid) is 'Menu and routes of a conversation whose agent is still to be chosen; null when it has one, or there is nothing to choose.';

create function route_conversation(p_tenant_id uuid, p_turn_id bigint, p_lease_token bigint, p_agent_id uuid, p_by text) returns void
language plpgsql
set search_path from current
as $$
declare
	v_conversation uuid := lock_turn(p_tenant_id, p_turn_id, p_lease_token);
begin
	update conversations c set agent_id = p_agent_id, routed_by = p_by where c.tenant_id = p_tenant_id and c.id = v_conversation and c.agent_id is distinct from p_agent_id;
	if found then
		perform record_audit(p_tenant_id, 'conversation.routed', 'conversation', v_conversation::text, jsonb_build_object('agent', p_agent_id, 'by', p_by));
	end if;
end
$$;
comment on function route_conversation(uuid, bigint, bigint, uuid, text) is 'Gives a conversation to an agent, under the lease of the turn that chose it.';

create table agent_transfers (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	conversation_id uuid not null,
	turn_id bigint not null,
	from_agent_id uuid,
	to_agent_id uuid not null,
	created_at timestamptz not null default now(),
	primary key (tenant_id, id),
	foreign key (tenant_id, conversation_id) references conversations (tenant_id, id) on delete cascade
);
comment on table agent_transfers is 'Hand-overs of a conversation from one agent to another.';
create index agent_transfers_conversation on agent_transfers (tenant_id, conversation_id, created_at desc);

create function transfer_targets(p_tenant_id uuid, p_agent_id uuid) returns jsonb
language sql
stable
set search_path from current
as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'slug', a.slug, 'name', a.name, 'purpose', a.purpose) order by a.slug), '[]')
	from (
		select a.id, a.slug, a.name, coalesce(a.purpose, a.role) as purpose from agents a
		join agent_versions av on av.tenant_id = a.tenant_id and av.agent_id = a.id and av.is_active
		where a.tenant_id = p_tenant_id and a.accepts_transfers and a.status = 'active' and a.mode = 'live' and a.id is distinct from p_agent_id
		order by a.slug limit 20
	) a
$$;
comment on function transfer_targets(uuid, uuid) is 'The agents to whom an agent may hand a conversation over.';

create function transfer_conversation(p_tenant_id uuid, p_turn_id bigint, p_lease_token bigint, p_to_agent_id uuid, p_most_an_hour integer) returns text
language plpgsql
set search_path from current
as $$
declare
	v_conversation uuid := lock_turn(p_tenant_id, p_turn_id, p_lease_token);
	v_from uuid := (select coalesce(c.agent_id, ca.agent_id) from conversations c
		join channel_accounts ca on ca.tenant_id = c.tenant_id and ca.id = c.channel_account_id where c.tenant_id = p_tenant_id and c.id = v_conversation);
begin
	if not exists (select 1 from jsonb_array_elements(transfer_targets(p_tenant_id, v_from)) t where (t.value ->> 'id')::uuid = p_to_agent_id) then
		return 'not_allowed';
	elsif (select count(*) from agent_transfers t where t.tenant_id = p_tenant_id and t.conversation_id = v_conversation and t.created_at > now() - interval '1 hour')
		>= p_most_an_hour
	then
		return 'limit';
	end if;
	insert into agent_transfers (tenant_id, conversation_id, turn_id, from_agent_id, to_agent_id) values (p_tenant_id, v_conversation, p_turn_id, v_from, p_to_agent_id);
	update conversations c set agent_id = p_to_agent_id, routed_by = 'transfer' where c.tenant_id = p_tenant_id and c.id = v_conversation;
	perform record_audit(p_tenant_id, 'conversation.transferred', 'conversation', v_conversation::text, jsonb_build_object('from', v_from, 'to', p_to_agent_id, 'turn', p_turn_id));
	return 'done';
end
$$;
comment on function transfer_conversation(uuid, bigint, bigint, uuid, integer) is
	'Hands a conversation to another agent, under the lease of the turn: done, limit (so many an hour) or not_allowed.';

create view vw_agent_usage with (security_invoker = true) as
	with worked as (
		select t.tenant_id, date_trunc('month', t.finished_at at time zone n.timezone)::date as month, t.agent_id, count(*) as turns,
			count(*) filter (where t.outcome = 'reply') as replies, 0::bigint as tokens, 0::numeric as cost_usd
		from turns t join tenants n on n.id = t.tenant_id where t.agent_id is not null group by 1, 2, 3
	), stood as (
		select v.tenant_id, m.month::date as month, v.agent_id, 0::bigint as turns, 0::bigint as replies, 0::bigint as tokens, 0::numeric as cost_usd
		from agent_versions v join tenants n on n.id = v.tenant_id
		cross join lateral generate_series(date_trunc('month', v.activated_at at time zone n.timezone), coalesce(v.deactivated_at, now()) at time zone n.timezone,
			interval '1 month') m(month)
		where v.activated_at is not null
	), spent as (
		select u.tenant_id, date_trunc('month', u.created_at at time zone n.timezone)::date as month, v.agent_id, 0::bigint as turns, 0::bigint as replies,
			sum(u.input_tokens + u.output_tokens)::bigint as tokens, coalesce(sum(u.cost_usd), 0) as cost_usd
		from llm_usage u join tenants n on n.id = u.tenant_id
		join agent_versions v on v.tenant_id = u.tenant_id and v.id = u.agent_version_id group by 1, 2, 3
	)
	select a.tenant_id, a.month, count(distinct a.agent_id)::integer as active_agents, sum(a.turns)::bigint as turns, sum(a.replies)::bigint as replies,
		sum(a.tokens)::bigint as tokens, sum(a.cost_usd) as cost_usd
	from (select * from worked union all select * from stood union all select * from spent) a
	group by a.tenant_id, a.month;
comment on view vw_agent_usage is 'What a tenant is charged by: agents that had an active version or answered in a month of its calendar, with turns, replies, tokens and cost.';

do $$
declare
	v_change text[];
	v_source text;
begin
	foreach v_change slice 1 in array array[
		array['load_turn_context(uuid, bigint, integer)',
			'''automation'', automation_state(',
			'''routing'', routing_of(p_tenant_id, c.id), ''transferTargets'', transfer_targets(p_tenant_id, a.id),
		''automation'', automation_state('],
		array['act_on_turn(uuid, uuid, bigint, jsonb)',
			'elsif v_outcome = ''reply'' and not reserve_auto_response(p_tenant_id) then',
			'elsif v_messages <> ''[]'' and exists (
		select 1 from turns t join agents a on a.tenant_id = t.tenant_id and a.id = t.agent_id
		where t.tenant_id = p_tenant_id and t.id = p_turn_id and a.mode = ''draft''
	) then
		perform draft_reply(p_tenant_id, p_conversation_id, p_turn_id, v_messages);
		v_messages := ''[]'';
		if v_outcome = ''reply'' then
			v_outcome := ''draft'';
			update turns set outcome = v_outcome where tenant_id = p_tenant_id and id = p_turn_id;
		end if;
	elsif v_outcome = ''reply'' and not reserve_auto_response(p_tenant_id) then'],
		array['act_on_turn(uuid, uuid, bigint, jsonb)',
			'perform record_llm_usage(p_tenant_id, p_turn_id',
			'update conversations set menu_asks = menu_asks + 1
		where tenant_id = p_tenant_id and id = p_conversation_id and coalesce((p_decision ->> ''menuAsked'')::boolean, false);
	perform record_llm_usage(p_tenant_id, p_turn_id'],
		array['merge_conversations(uuid, uuid, uuid)',
			'update tool_calls set conversation_id = p_keep where tenant_id = p_tenant_id and conversation_id = p_merge;',
			'update tool_calls set conversation_id = p_keep where tenant_id = p_tenant_id and conversation_id = p_merge;
	update reply_drafts set conversation_id = p_keep where tenant_id = p_tenant_id and conversation_id = p_merge;
	update agent_transfers set conversation_id = p_keep where tenant_id = p_tenant_id and conversation_id = p_merge;'],
		array['run_maintenance(text, integer, integer, uuid)',
			'update messages set body = '''', payload = ''{}'' where tenant_id = v_tenant.id and id = any (v_ids);',
			'update reply_drafts x set messages = ''[]'', sent_messages = null
					where x.tenant_id = v_tenant.id and x.created_at < least(v_before, v_texts_end) and x.messages <> ''[]'' and x.conversation_id in (
						select m.conversation_id from messages m where m.tenant_id = v_tenant.id and m.id = any (v_ids));
				update messages set body = '''', payload = ''{}'' where tenant_id = v_tenant.id and id = any (v_ids);']
	] loop
		v_source := pg_get_functiondef(v_change[1]::regprocedure);
		if position(v_change[2] in v_source) = 0 then
			raise exception '% is not the function that this migration changes', v_change[1];
		end if;
		execute replace(v_source, v_change[2], v_change[3]);
	end loop;
end
$$;

select secure_schema();
