-- breaking: no
-- Conversations that a person has: a row each time, who is told, who answered when, and what waits for the bot when it gets the conversation back.

create table handoff_settings (
	tenant_id uuid primary key references tenants (id) on delete cascade,
	quiet_minutes integer default 720 check (quiet_minutes between 5 and 43200),
	sla_minutes integer not null default 15 check (sla_minutes between 1 and 1440),
	escalation_minutes integer not null default 15 check (escalation_minutes between 1 and 1440),
	link_hours integer not null default 24 check (link_hours between 1 and 720),
	page_url text check (length(page_url) <= 500),
	whatsapp_account_id uuid,
	whatsapp_template_id uuid,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	foreign key (tenant_id, whatsapp_account_id) references channel_accounts (tenant_id, id) on delete set null (whatsapp_account_id),
	foreign key (tenant_id, whatsapp_template_id) references message_templates (tenant_id, id) on delete set null (whatsapp_template_id)
);
comment on table handoff_settings is 'How a tenant treats conversations that a person has: minutes to the first answer, minutes of silence after which the bot has it back (null: never), and where the page is.';
comment on column handoff_settings.escalation_minutes is 'Minutes from one level to the next; the first is due when the first answer is.';
comment on column handoff_settings.whatsapp_account_id is 'The number from which the team is told; the template tells them outside their own 24-hour window.';
create trigger touch before update on handoff_settings for each row execute function touch_updated_at();
create function seed_handoff_settings() returns trigger
language plpgsql
set search_path from current
as $$
begin
	insert into handoff_settings (tenant_id) values (new.id);
	return null;
end
$$;
comment on function seed_handoff_settings() is 'Trigger: a new tenant begins with the usual settings of hand-over.';
create trigger seed_handoff_settings after insert on tenants for each row execute function seed_handoff_settings();
insert into handoff_settings (tenant_id) select id from tenants;

create table handoff_recipients (
	tenant_id uuid not null,
	user_id uuid not null,
	level smallint not null default 0 check (level between 0 and 5),
	by_email boolean not null default true,
	whatsapp_number text check (whatsapp_number ~ '^[1-9][0-9]{7,14}$'),
	created_at timestamptz not null default now(),
	primary key (tenant_id, user_id, level),
	foreign key (tenant_id, user_id) references tenant_members (tenant_id, user_id) on delete cascade,
	constraint handoff_recipients_some_way check (by_email or whatsapp_number is not null)
);
comment on table handoff_recipients is 'Who of a tenant''s members is told of a hand-over: level 0 at once, 1 when the first answer is overdue, and so on. Who is no member any more hears nothing.';
create index idx_handoff_recipients_level on handoff_recipients (tenant_id, level);

create table handoffs (
	tenant_id uuid not null,
	id uuid not null default gen_random_uuid(),
	conversation_id uuid not null,
	lead_id uuid,
	turn_id bigint,
	reason text not null,
	classification text,
	score integer,
	score_reasons jsonb not null default '[]',
	assigned_user_id uuid references users (id) on delete set null,
	started_at timestamptz not null default now(),
	told_at timestamptz,
	sla_due_at timestamptz,
	escalation_level smallint not null default 0,
	escalated_at timestamptz,
	first_answer_at timestamptz,
	first_answer_way text constraint handoffs_way_known check (first_answer_way in ('page', 'whatsapp', 'chatwoot', 'other')),
	returned_at timestamptz,
	returned_by text constraint handoffs_returned_by_known check (returned_by in ('person', 'quiet_time', 'chatwoot', 'merge')),
	outcome text constraint handoffs_outcome_known check (outcome in ('needed', 'not_needed', 'bot_right', 'bot_wrong', 'other')),
	primary key (tenant_id, id),
	foreign key (tenant_id, conversation_id) references conversations (tenant_id, id) on delete cascade,
	foreign key (tenant_id, lead_id) references leads (tenant_id, id) on delete set null (lead_id),
	constraint handoffs_returned_says_by check ((returned_at is null) = (returned_by is null))
);
comment on table handoffs is 'Each time a person had a conversation: why, the class and score of that moment, who took it, the first answer, and how it ended. One open a conversation. Ids, codes and words of the persona; no text of the customer.';
comment on column handoffs.turn_id is 'The turn that called the person; null where a person took over.';
comment on column handoffs.score_reasons is 'What gave most points: axis, rule, points, and the persona''s own word where it was one.';
comment on column handoffs.sla_due_at is 'When the first answer is due; null where a person took over by answering.';
create unique index handoffs_one_open on handoffs (tenant_id, conversation_id) where returned_at is null;
create index idx_handoffs_conversation on handoffs (tenant_id, conversation_id, started_at desc);
create index idx_handoffs_started on handoffs (tenant_id, started_at desc);
create index idx_handoffs_lead on handoffs (tenant_id, lead_id) where lead_id is not null;
create index handoffs_waiting on handoffs (sla_due_at) where returned_at is null and first_answer_at is null;

create table handoff_labels (
	tenant_id uuid not null,
	id bigint generated always as identity,
	conversation_id uuid not null,
	handoff_id uuid,
	kind text not null constraint handoff_labels_kind_known check (kind in ('answer', 'draft', 'outcome')),
	label text not null check (label ~ '^[a-z_]{1,40}$'),
	message_id bigint,
	turn_id bigint,
	draft_id uuid,
	edit_share numeric(4, 3) check (edit_share between 0 and 1),
	reason text check (length(reason) between 1 and 40),
	person_hash text check (person_hash ~ '^[0-9a-f]{64}$'),
	label_key text not null check (length(label_key) between 1 and 200),
	created_at timestamptz not null default now(),
	primary key (tenant_id, id),
	unique (tenant_id, label_key),
	foreign key (tenant_id, conversation_id) references conversations (tenant_id, id) on delete cascade,
	foreign key (tenant_id, handoff_id) references handoffs (tenant_id, id) on delete cascade
);
comment on table handoff_labels is 'What people wrote and changed, as labelled data: answer (which way; message_id points at what was written, turn_id at what called for it), draft (unchanged, touched, rewritten, discarded, and the share of words that changed), outcome. Ids, codes and shares; the person as a hash; no text.';
create index idx_handoff_labels_conversation on handoff_labels (tenant_id, conversation_id);
create index idx_handoff_labels_handoff on handoff_labels (tenant_id, handoff_id) where handoff_id is not null;
create index idx_handoff_labels_kind on handoff_labels (tenant_id, kind, created_at desc);

create function handoff_facts(p_tenant_id uuid, p_conversation_id uuid) returns jsonb
language sql stable
set search_path from current
as $$
	select jsonb_strip_nulls(jsonb_build_object('handoffId', h.id, 'leadId', h.lead_id, 'classification', h.classification, 'score', h.score,
		'reasons', (select jsonb_agg(distinct r.value ->> 'rule') from jsonb_array_elements(h.score_reasons) r), 'dueAt', h.sla_due_at))
	from handoffs h where h.tenant_id = p_tenant_id and h.conversation_id = p_conversation_id and h.returned_at is null
$$;
comment on function handoff_facts(uuid, uuid) is 'What notices and the audit log say of a conversation''s open hand-over: ids, class, score and codes.';

create function tell_handoff(p_tenant_id uuid, p_handoff_id uuid, p_level integer, p_event text) returns integer
language sql
set search_path from current
as $$
	with told as (
		select r.user_id, lower(u.email) as email, r.by_email and are_mail_addresses(array[lower(u.email)]) as by_email, r.whatsapp_number, h.conversation_id, h.started_at, h.reason,
			s.page_url, s.link_hours, s.whatsapp_account_id
		from handoffs h
		join handoff_settings s on s.tenant_id = h.tenant_id
		join handoff_recipients r on r.tenant_id = h.tenant_id and r.level = p_level
		join users u on u.id = r.user_id
		where h.tenant_id = p_tenant_id and h.id = p_handoff_id and h.returned_at is null
	), mails as (
		insert into notification_deliveries (tenant_id, email, event_type, event_key, payload)
			select p_tenant_id, t.email, p_event, p_handoff_id || ':' || p_level, jsonb_build_object('type', p_event,
				'timestamp', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'data',
				jsonb_build_object('tenantId', p_tenant_id, 'conversationId', t.conversation_id, 'reason', t.reason, 'startedAt', t.started_at, 'level', p_level)
				|| coalesce(handoff_facts(p_tenant_id, t.conversation_id), '{}')
				-- The link itself is made when the e-mail is: what opens a page lies in no table.
				|| jsonb_build_object('page', jsonb_build_object('purpose', 'handoff', 'subject', p_handoff_id, 'person', t.user_id, 'url', t.page_url, 'hours', t.link_hours)))
			from told t where t.by_email
			on conflict (tenant_id, email, event_type, event_key) where email is not null do nothing
			returning 1
	), texts as (
		select enqueue_job(p_tenant_id, 'handoff.whatsapp', p_handoff_id || ':' || p_level || ':' || t.user_id,
			jsonb_build_object('handoffId', p_handoff_id, 'userId', t.user_id, 'level', p_level), null, null) as id
		from told t where t.whatsapp_number is not null and t.whatsapp_account_id is not null
	)
	select ((select count(*) from mails) + (select count(*) from texts))::integer
$$;
comment on function tell_handoff(uuid, uuid, integer, text) is 'Tells the members of one level of an open hand-over, each once: an e-mail, a job that writes to their WhatsApp. Returns how many ways were taken.';

create function open_handoff(p_tenant_id uuid, p_conversation_id uuid) returns uuid
language plpgsql
set search_path from current
as $$
declare
	v_handoff handoffs;
begin
	insert into handoffs (tenant_id, conversation_id, lead_id, turn_id, reason, classification, score, score_reasons, assigned_user_id, sla_due_at, first_answer_at, first_answer_way)
		select c.tenant_id, c.id, l.id,
			-- The turn that this very transaction settles.
			(select max(t.id) from turns t where t.tenant_id = c.tenant_id and t.conversation_id = c.id and t.outcome = 'handoff' and t.finished_at = now()),
			c.handoff_reason, l.classification, l.lead_score,
			coalesce((
				select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('axis', p.value -> 'axis', 'rule', p.value -> 'rule', 'points', p.value -> 'points', 'word', case
					when p.value ->> 'rule' in ('positive_keyword', 'negative_keyword', 'niche', 'job_title', 'business_type') then p.value -> 'evidence' end)) order by p.place)
				from (
					select e.value, row_number() over (order by abs((e.value ->> 'points')::numeric) desc) as place from jsonb_array_elements(k.score_breakdown) e
					where jsonb_typeof(e.value -> 'points') = 'number'
				) p where p.place <= 6), '[]'),
			c.assigned_user_id, case when c.handoff_reason <> 'human_takeover' then now() + make_interval(mins => s.sla_minutes) end,
			w.said_at, case when w.said_at is not null then 'whatsapp' end
		from conversations c
		join handoff_settings s on s.tenant_id = c.tenant_id
		left join leads l on l.tenant_id = c.tenant_id and l.contact_id = c.contact_id
		left join lateral (
			select n.score_breakdown from classified_leads n where n.tenant_id = l.tenant_id and n.lead_id = l.id order by n.created_at desc limit 1
		) k on true
		-- Who takes over from the phone has answered with it.
		left join lateral (
			select m.created_at as said_at from messages m
			where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.author = 'human' and m.created_at = now() order by m.id desc limit 1
		) w on c.handoff_reason = 'human_takeover'
		where c.tenant_id = p_tenant_id and c.id = p_conversation_id and c.status = 'handoff'
		on conflict (tenant_id, conversation_id) where returned_at is null do nothing
		returning * into v_handoff;
	if v_handoff.id is null then
		return null;
	end if;
	perform track_event(p_tenant_id, 'handoff.started', v_handoff.id::text, jsonb_build_object('handoffId', v_handoff.id, 'reason', v_handoff.reason), v_handoff.lead_id, p_conversation_id);
	if v_handoff.first_answer_at is not null then
		perform track_event(p_tenant_id, 'handoff.answered', v_handoff.id::text, jsonb_build_object('handoffId', v_handoff.id, 'way', 'whatsapp', 'seconds', 0), v_handoff.lead_id, p_conversation_id);
	elsif v_handoff.reason <> 'human_takeover' then
		perform tell_handoff(p_tenant_id, v_handoff.id, 0, 'conversation.handoff');
		update handoffs set told_at = now() where tenant_id = p_tenant_id and id = v_handoff.id;
	end if;
	perform enqueue_job(p_tenant_id, 'handoff.chatwoot', 'open:' || v_handoff.id, jsonb_build_object('handoffId', v_handoff.id, 'what', 'open'), null, null)
		from api_keys a where a.tenant_id = p_tenant_id and a.service_name = 'chatwoot' and a.is_active limit 1;
	return v_handoff.id;
end
$$;
comment on function open_handoff(uuid, uuid) is 'The row of a conversation that a person has now, and the telling of it; null when there is one. A person who took over by themselves needs no telling.';

create function waiting_messages(p_tenant_id uuid, p_conversation_id uuid, p_since timestamptz) returns setof bigint
language sql stable
set search_path from current
as $$
	select m.id from messages m
	where m.tenant_id = p_tenant_id and m.conversation_id = p_conversation_id and m.direction = 'inbound' and m.kind not in ('reaction', 'referral', 'unsupported')
		and m.revoked_at is null and m.created_at > now() - interval '24 hours'
		and m.id > coalesce((select max(h.id) from messages h where h.tenant_id = p_tenant_id and h.conversation_id = p_conversation_id and h.author = 'human'), 0)
		-- What the agent dealt with before the person came, the call for a person too, is not asked again.
		and not exists (select 1 from turns t where t.tenant_id = p_tenant_id and t.conversation_id = p_conversation_id and m.id = any (t.message_ids)
			and (t.finished_at <= p_since or t.outcome <> 'silence'))
		and not exists (select 1 from message_queue q where q.tenant_id = p_tenant_id and q.conversation_id = p_conversation_id and q.message_id = m.id and q.finished_at is null)
	order by m.id
$$;
comment on function waiting_messages(uuid, uuid, timestamptz) is 'What a customer wrote while a person had the conversation (since then) and nobody answered: of the last day, the newest first answer of a person ends it.';

create function follow_handoff() returns trigger
language plpgsql
set search_path from current
as $$
declare
	v_handoff handoffs;
begin
	if new.status = 'handoff' then
		perform open_handoff(new.tenant_id, new.id);
		return null;
	end if;
	update handoffs h set returned_at = now(), returned_by = coalesce(nullif(current_setting('agent_factory.returned_by', true), ''), 'person'),
			assigned_user_id = coalesce(h.assigned_user_id, old.assigned_user_id)
		where h.tenant_id = new.tenant_id and h.conversation_id = new.id and h.returned_at is null
		returning * into v_handoff;
	if v_handoff.id is null then
		return null;
	end if;
	perform track_event(new.tenant_id, 'handoff.returned', v_handoff.id::text, jsonb_build_object('handoffId', v_handoff.id, 'by', v_handoff.returned_by), v_handoff.lead_id, new.id);
	if new.status = 'open' then
		perform queue_turn(new.tenant_id, new.id, w.id, null, 0, 0) from waiting_messages(new.tenant_id, new.id, v_handoff.started_at) w(id);
	end if;
	perform enqueue_job(new.tenant_id, 'handoff.chatwoot', 'close:' || v_handoff.id, jsonb_build_object('handoffId', v_handoff.id, 'what', 'close'), null, null)
		from api_keys a where a.tenant_id = new.tenant_id and a.service_name = 'chatwoot' and a.is_active and v_handoff.returned_by <> 'chatwoot' limit 1;
	return null;
end
$$;
comment on function follow_handoff() is 'Trigger: opens the row when a person gets a conversation, closes it when the bot has it back, and queues what waited.';
create trigger follow_handoff after update of status on conversations for each row
	when (old.status is distinct from new.status and 'handoff' in (old.status, new.status)) execute function follow_handoff();

create function follow_handoff_messages() returns trigger
language plpgsql
set search_path from current
as $$
declare
	v_done bigint;
begin
	if not exists (select 1 from said where author in ('human', 'contact')) then
		return null;
	end if;
	with heard as (
		select h.tenant_id, h.id, h.conversation_id, h.lead_id, h.turn_id, h.first_answer_at, h.started_at, s.id as message_id, s.author,
			case when s.outbox_id is null then 'whatsapp' when o.idempotency_key like 'direct:handoff:%' then 'page' when o.idempotency_key like 'direct:chatwoot:%' then 'chatwoot'
				else 'other' end as way
		from said s
		join handoffs h on h.tenant_id = s.tenant_id and h.conversation_id = s.conversation_id and h.returned_at is null
		left join outbox_messages o on o.tenant_id = s.tenant_id and o.id = s.outbox_id
		where s.author in ('human', 'contact')
	), first as (
		select distinct on (h.tenant_id, h.id) h.* from heard h where h.author = 'human' order by h.tenant_id, h.id, h.message_id
	), answered as (
		update handoffs h set first_answer_at = now(), first_answer_way = f.way from first f
			where h.tenant_id = f.tenant_id and h.id = f.id and h.first_answer_at is null
			returning h.tenant_id, h.id, h.conversation_id, h.lead_id, h.first_answer_way as way, h.first_answer_at - h.started_at as waited
	), labelled as (
		insert into handoff_labels (tenant_id, conversation_id, handoff_id, kind, label, message_id, turn_id, label_key)
			select h.tenant_id, h.conversation_id, h.id, 'answer', h.way, h.message_id, h.turn_id, 'answer:' || h.message_id from heard h where h.author = 'human'
			on conflict (tenant_id, label_key) do nothing
	), tracked as (
		select track_event(a.tenant_id, 'handoff.answered', a.id::text, jsonb_build_object('handoffId', a.id, 'way', a.way,
			'seconds', round(extract(epoch from a.waited))), a.lead_id, a.conversation_id) from answered a
	), pushed as (
		select enqueue_job(h.tenant_id, 'handoff.chatwoot', 'message:' || h.message_id, jsonb_build_object('handoffId', h.id, 'what', 'message', 'messageId', h.message_id::text), null, null)
		from heard h where h.way <> 'chatwoot' and exists (
			select 1 from api_keys a where a.tenant_id = h.tenant_id and a.service_name = 'chatwoot' and a.is_active)
	)
	select (select count(*) from tracked) + (select count(*) from pushed) into v_done;
	return null;
end
$$;
comment on function follow_handoff_messages() is 'Trigger: a person''s message in a conversation they have is the first answer and a label; both sides'' messages go to Chatwoot where it is connected.';
create trigger follow_handoff_messages after insert on messages referencing new table as said for each statement execute function follow_handoff_messages();

-- Who has a conversation already when this arrives.
insert into handoffs (tenant_id, conversation_id, reason, started_at, assigned_user_id)
	select c.tenant_id, c.id, c.handoff_reason, c.handoff_at, c.assigned_user_id from conversations c where c.status = 'handoff';

select secure_schema();
