-- breaking: no
-- Instagram: one private reply a comment, messages that were unsent, and outreach in runs that write to nobody twice.

create function private_reply_refusal(p_payload jsonb) returns text
language sql stable
set search_path from current
as $$
	select case
		when (p_payload #>> '{privateReply,live}')::boolean then 'live_comment_only_while_live'
		when (p_payload #>> '{privateReply,commentedAt}')::timestamptz > now() - interval '7 days' then null
		else 'comment_older_than_7_days' end
$$;
comment on function private_reply_refusal(jsonb) is
	'Why Meta would not take this private reply: a comment can be answered for 7 days, one of a live video only while it is live, which nobody tells us. Null when it may go.';

create function enqueue_private_reply(p_tenant_id uuid, p_comment_id text, p_payload jsonb, p_text text, p_author text) returns jsonb
language plpgsql
set search_path from current
as $$
declare
	v_comment record;
	v_contact uuid;
	v_conversation uuid;
	v_outbox uuid;
begin
	select e.field, e.status, coalesce(e.provider_timestamp, e.received_at) as at, e.payload #>> '{item,from,id}' as author_id,
			e.payload #>> '{item,from,username}' as username, ca.id as channel_account_id, ca.kind
		into v_comment
		from channel_accounts ca
		join webhook_events e on e.object = case ca.kind when 'instagram' then 'instagram' else 'page' end and e.account_id = ca.external_id
			and e.kind = 'comment' and e.meta_message_id = p_comment_id and e.provider_status = ''
		where ca.tenant_id = p_tenant_id and ca.kind <> 'whatsapp' and e.tenant_id = p_tenant_id;
	if not found then
		raise exception 'comment % did not come in for this tenant', p_comment_id using errcode = 'ZF004';
	elsif v_comment.status = 'ignored' or v_comment.author_id is null then
		raise exception 'comment % is by the account itself or by nobody who is named', p_comment_id using errcode = 'ZF005';
	end if;
	v_contact := resolve_contact(p_tenant_id, jsonb_build_object(case v_comment.kind when 'instagram' then 'igsid' else 'psid' end, v_comment.author_id,
		'username', ltrim(v_comment.username, '@')));
	-- A comment opens no window: what follows the private reply waits until the person writes.
	insert into conversations as c (tenant_id, contact_id, channel_account_id, last_message_at)
		values (p_tenant_id, v_contact, v_comment.channel_account_id, now())
		on conflict (tenant_id, channel_account_id, contact_id) do update set last_message_at = greatest(c.last_message_at, excluded.last_message_at)
		returning id into v_conversation;
	v_outbox := enqueue_outbox(p_tenant_id, v_conversation, 'direct', 'comment:' || p_comment_id, 0, null, p_payload || jsonb_build_object('privateReply',
		jsonb_build_object('commentId', p_comment_id, 'commentedAt', v_comment.at, 'live', v_comment.field = 'live_comments')), p_text, p_author, null, null);
	if not exists (select 1 from outbox_messages o where o.tenant_id = p_tenant_id and o.id = v_outbox and o.whatsapp_payload - 'privateReply' = p_payload) then
		raise exception 'comment % has its private reply, and Meta takes one', p_comment_id using errcode = 'ZF005';
	end if;
	return jsonb_build_object('conversationId', v_conversation, 'outboxId', v_outbox);
end
$$;
comment on function enqueue_private_reply(uuid, text, jsonb, text, text) is
	'Adds the one private reply that a comment may get to the outbox. The same reply again returns the row that is there, another one is refused.';

create function revoke_message(p_tenant_id uuid, p_channel_account_id uuid, p_contact_id uuid, p_item jsonb, p_at timestamptz) returns void
language plpgsql
set search_path from current
as $$
declare
	v_target text := p_item #>> '{message,targetProviderId}';
	v_message messages;
	v_conversation uuid;
begin
	select * into v_message from messages m
		where m.tenant_id = p_tenant_id and m.channel_account_id = p_channel_account_id and m.provider_message_id = v_target;
	if v_message.id is not null then
		-- Nobody answers what was taken back. Lane before row: a claim and this wait for each other instead of deadlocking.
		perform 1 from conversation_locks l where l.tenant_id = p_tenant_id and l.conversation_id = v_message.conversation_id for update;
		update message_queue set status = 'completed', finished_at = now()
			where tenant_id = p_tenant_id and conversation_id = v_message.conversation_id and message_id = v_message.id and status = 'queued' and finished_at is null;
		update messages set body = '', payload = '{}', revoked_at = p_at where tenant_id = p_tenant_id and id = v_message.id;
	elsif v_target is not null then
		-- Faster than the message itself: its place is taken, so that the text is neither filed nor answered when it comes.
		insert into conversations as c (tenant_id, contact_id, channel_account_id, last_message_at)
			values (p_tenant_id, p_contact_id, p_channel_account_id, p_at)
			on conflict (tenant_id, channel_account_id, contact_id) do update set last_message_at = greatest(c.last_message_at, excluded.last_message_at)
			returning id into v_conversation;
		insert into messages (tenant_id, conversation_id, contact_id, channel_account_id, direction, author, provider_message_id, status, provider_timestamp, revoked_at)
			values (p_tenant_id, v_conversation, p_contact_id, p_channel_account_id, 'inbound', 'contact', v_target, 'received', p_at, p_at)
			on conflict do nothing;
	end if;
	-- The words stand in what Meta sent, too; Meta numbers the edits of a message.
	update webhook_events set payload = '{}'
		where object = p_item ->> 'object' and account_id = p_item ->> 'accountId' and tenant_id = p_tenant_id and provider_status = '' and status <> 'pending'
			and ((kind in ('message', 'echo') and meta_message_id = v_target)
				or (kind = 'edit' and meta_message_id = any (array(select v_target || ':' || n from generate_series(0, 10) n))));
end
$$;
comment on function revoke_message(uuid, uuid, uuid, jsonb, timestamptz) is
	'A message that its author took back: its text goes, here and in the stored event, and a turn that has not begun leaves it out.';

-- Three functions change by a line each and stay otherwise as they are; a text that is not there any more stops this migration.
do $$
declare
	v_change text[];
	v_source text;
begin
	foreach v_change slice 1 in array array[
		array['process_event(bigint, uuid, uuid, boolean, jsonb)',
			'update messages set body = '''', payload = ''{}'', revoked_at = v_occurred
			where tenant_id = p_tenant_id and channel_account_id = p_channel_account_id and provider_message_id = p_item #>> ''{message,targetProviderId}'';',
			'perform revoke_message(p_tenant_id, p_channel_account_id, v_contact, p_item, v_occurred);'],
		array['claim_outbox(text, integer, integer, integer)',
			'elsif coalesce(v_payload ->> ''type'', ''text'') <> ''template'' and coalesce(',
			'elsif v_payload ? ''privateReply'' and private_reply_refusal(v_payload) is not null then
			perform block_outbox(v_row.tenant_id, v_row.id, private_reply_refusal(v_payload));
			perform next_in_lane(v_lane.tenant_id, v_lane.conversation_id);
			continue;
		elsif not v_payload ? ''privateReply'' and coalesce(v_payload ->> ''type'', ''text'') <> ''template'' and coalesce('],
		array['run_maintenance(text, integer, integer, uuid)',
			'update messages set body = '''', payload = ''{}'' where tenant_id = v_tenant.id and id = any (v_ids);',
			'update agentic_instagram_dm_sent d set message_sent = null from messages m
					where m.tenant_id = v_tenant.id and m.id = any (v_ids) and d.tenant_id = m.tenant_id and d.outbox_id = m.outbox_id;
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

create table agentic_instagram_leads (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id bigint generated always as identity,
	username varchar(255) not null constraint agentic_instagram_leads_username_bare check (username ~ '^[a-z0-9._]{1,30}$'),
	full_name varchar(255),
	bio text,
	followers_count integer check (followers_count >= 0),
	following_count integer check (following_count >= 0),
	is_private boolean,
	is_verified boolean,
	profile_url varchar(500),
	source varchar(100) not null default 'manual',
	tags text[] not null default '{}',
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	primary key (tenant_id, id),
	unique (tenant_id, username)
);
comment on table agentic_instagram_leads is 'People on Instagram whom a tenant wants to write to, by bare username. Who has not written first is never written to.';
create trigger touch before update on agentic_instagram_leads for each row execute function touch_updated_at();

create table agentic_instagram_dm_runs (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id bigint generated always as identity,
	campaign varchar(100) not null check (campaign <> ''),
	channel_account_id uuid not null,
	account_used varchar(255) not null,
	persona_id uuid,
	template_ids uuid[] not null check (cardinality(template_ids) > 0),
	hourly_cap integer not null check (hourly_cap between 1 and 1000),
	daily_cap integer not null check (daily_cap between 1 and 10000),
	quiet_from time not null,
	quiet_to time not null,
	max_error_share numeric(3, 2) not null check (max_error_share > 0 and max_error_share <= 1),
	started_at timestamptz not null default now(),
	ended_at timestamptz,
	total_leads integer not null default 0,
	dms_sent integer not null default 0,
	dms_failed integer not null default 0,
	dms_skipped integer not null default 0,
	dms_pending integer not null default 0,
	status varchar(50) not null default 'running' constraint agentic_instagram_dm_runs_status_known check (status in ('running', 'completed', 'failed')),
	error_log text,
	held_by text constraint agentic_instagram_dm_runs_held_known check (held_by in ('cap', 'quiet_hours', 'account_paused')),
	next_batch_at timestamptz,
	primary key (tenant_id, id),
	foreign key (tenant_id, channel_account_id) references channel_accounts (tenant_id, id),
	foreign key (tenant_id, persona_id) references tenant_personas (tenant_id, id),
	constraint agentic_instagram_dm_runs_adds_up check (total_leads = dms_sent + dms_failed + dms_skipped + dms_pending),
	constraint agentic_instagram_dm_runs_ended_when_over check ((status = 'running') = (ended_at is null)),
	constraint agentic_instagram_dm_runs_failed_says_why check (status <> 'failed' or error_log is not null)
);
comment on table agentic_instagram_dm_runs is 'One row a run of a campaign over leads. Its pending rows of agentic_instagram_dm_sent are what is left to do, so that a run that was cut off goes on. failed: stopped, error_log says why.';
comment on column agentic_instagram_dm_runs.held_by is 'What the last batch waited for; a lead whose window closes meanwhile is skipped for that reason.';
create index agentic_instagram_dm_runs_open on agentic_instagram_dm_runs (tenant_id, id) where status = 'running';

create table agentic_instagram_dm_sent (
	tenant_id uuid not null,
	id bigint generated always as identity,
	run_id bigint not null,
	lead_id bigint not null,
	campaign varchar(100) not null,
	username varchar(255) not null,
	message_template varchar(100),
	message_sent text,
	status varchar(50) not null default 'pending'
		constraint agentic_instagram_dm_sent_status_known check (status in ('pending', 'queued', 'sent', 'failed', 'skipped')),
	skip_reason text constraint agentic_instagram_dm_sent_reason_known check (skip_reason in ('never_wrote', 'window_closed', 'opted_out', 'filtered_by_persona', 'cap',
		'quiet_hours', 'duplicate', 'unknown_contact', 'known_contact', 'with_a_person', 'missing_variable', 'too_long', 'run_stopped')),
	outbox_id uuid,
	queued_at timestamptz,
	sent_at timestamptz,
	error_message text,
	account_used varchar(255) not null,
	primary key (tenant_id, id),
	unique (tenant_id, run_id, lead_id),
	foreign key (tenant_id, run_id) references agentic_instagram_dm_runs (tenant_id, id) on delete cascade,
	foreign key (tenant_id, lead_id) references agentic_instagram_leads (tenant_id, id) on delete cascade,
	constraint agentic_instagram_dm_sent_skipped_says_why check ((status = 'skipped') = (skip_reason is not null)),
	constraint agentic_instagram_dm_sent_was_queued check (status not in ('queued', 'sent', 'failed') or (queued_at is not null and outbox_id is not null))
);
comment on table agentic_instagram_dm_sent is 'One row a lead and run: what became of it, and why not. queued: it stands in the outbox, and follows what becomes of it there.';
create unique index agentic_instagram_dm_sent_once on agentic_instagram_dm_sent (tenant_id, campaign, lead_id) where status <> 'skipped';
create index agentic_instagram_dm_sent_paced on agentic_instagram_dm_sent (tenant_id, account_used, queued_at) where queued_at is not null;
create index agentic_instagram_dm_sent_outbox on agentic_instagram_dm_sent (tenant_id, outbox_id) where outbox_id is not null;
create index agentic_instagram_dm_sent_lead on agentic_instagram_dm_sent (tenant_id, lead_id);
-- A lead is found by username, which Instagram spells in lower case. Under row level security an index over lower() would not be used.
create index idx_contacts_username on contacts (tenant_id, username) where username is not null;

create function quiet_hours_end(p_at timestamptz, p_timezone text, p_from time, p_to time) returns timestamptz
language sql stable
set search_path from current
as $$
	select case
		when p_from < p_to and clock >= p_from and clock < p_to then (day + p_to) at time zone p_timezone
		when p_from > p_to and clock >= p_from then (day + 1 + p_to) at time zone p_timezone
		when p_from > p_to and clock < p_to then (day + p_to) at time zone p_timezone end
	from (select (p_at at time zone p_timezone)::time as clock, (p_at at time zone p_timezone)::date as day) t
$$;
comment on function quiet_hours_end(timestamptz, text, time, time) is 'When the quiet hours end in which a moment lies; null when it lies in none. They may go over midnight.';

create function instagram_lead_contact(p_tenant_id uuid, p_channel_account_id uuid, p_username text)
returns table (contact_id uuid, opted_out boolean, conversation_id uuid, with_a_person boolean, wrote_at timestamptz)
language sql stable rows 1
set search_path from current
as $$
	-- A lookup a table, not a join: on a table without statistics a join may read the whole tenant.
	select k.id, coalesce(k.opted_out_at, k.marketing_opted_out_at) is not null, c.id, coalesce(c.status = 'handoff', false), c.last_customer_message_at
	from contacts k
	left join lateral (
		select * from conversations c where c.tenant_id = p_tenant_id and c.channel_account_id = p_channel_account_id and c.contact_id = k.id offset 0
	) c on true
	where k.tenant_id = p_tenant_id and k.username = p_username and k.merged_into_id is null
		and (select bool_or(i.kind = 'igsid') from contact_identities i where i.tenant_id = p_tenant_id and i.contact_id = k.id and i.superseded_at is null)
	order by c.last_customer_message_at desc nulls last limit 1
$$;
comment on function instagram_lead_contact(uuid, uuid, text) is 'The person of this username whom Instagram has shown us, and when they last wrote to the account. No row: nobody knows their id.';

create function start_instagram_run(p_tenant_id uuid, p_run jsonb, p_instagram_lead_ids bigint[], p_filtered_ids bigint[]) returns bigint
language plpgsql
set search_path from current
as $$
declare
	v_run agentic_instagram_dm_runs;
begin
	-- Two runs of one campaign begin one after the other: the second sees whom the first has.
	perform pg_advisory_xact_lock(hashtextextended(p_tenant_id::text || 'campaign' || (p_run ->> 'campaign'), 0));
	insert into agentic_instagram_dm_runs (tenant_id, campaign, channel_account_id, account_used, persona_id, template_ids, hourly_cap, daily_cap, quiet_from, quiet_to, max_error_share)
		select p_tenant_id, p_run ->> 'campaign', ca.id, ca.external_id, (p_run ->> 'personaId')::uuid,
			array(select t.value::uuid from jsonb_array_elements_text(p_run -> 'templateIds') t), (p_run ->> 'hourlyCap')::integer, (p_run ->> 'dailyCap')::integer,
			(p_run ->> 'quietFrom')::time, (p_run ->> 'quietTo')::time, (p_run ->> 'maxErrorShare')::numeric
		from channel_accounts ca where ca.tenant_id = p_tenant_id and ca.id = (p_run ->> 'channelAccountId')::uuid and ca.kind = 'instagram'
		returning * into v_run;
	if v_run.id is null then
		raise exception 'channel account % is no Instagram account of this tenant', p_run ->> 'channelAccountId' using errcode = 'ZF004';
	end if;
	insert into agentic_instagram_dm_sent (tenant_id, run_id, lead_id, campaign, username, account_used, status, skip_reason)
		select p_tenant_id, v_run.id, l.id, v_run.campaign, l.username, v_run.account_used, case when r.reason is null then 'pending' else 'skipped' end, r.reason
		from agentic_instagram_leads l
		cross join lateral (select case
			when exists (select 1 from agentic_instagram_dm_sent d where d.tenant_id = p_tenant_id and d.campaign = v_run.campaign and d.lead_id = l.id and d.status <> 'skipped')
				then 'duplicate'
			when l.id = any (p_filtered_ids) then 'filtered_by_persona' end as reason) r
		where l.tenant_id = p_tenant_id and l.id = any (p_instagram_lead_ids);
	perform refresh_instagram_run(p_tenant_id, v_run.id);
	perform record_audit(p_tenant_id, 'outreach.started', 'instagram_run', v_run.id::text, jsonb_build_object('campaign', v_run.campaign));
	return v_run.id;
end
$$;
comment on function start_instagram_run(uuid, jsonb, bigint[], bigint[]) is 'Begins a run: one row a lead, skipped at once where the persona filtered it or the campaign has written to it already.';

create function refresh_instagram_run(p_tenant_id uuid, p_run_id bigint) returns agentic_instagram_dm_runs
language plpgsql
set search_path from current
as $$
declare
	v_run agentic_instagram_dm_runs;
begin
	-- Read by a join when somebody asks: a trigger would stand in the way of every send of every tenant.
	update agentic_instagram_dm_sent d set
			status = case when m.status in ('sent', 'delivered', 'read', 'played') then 'sent' when m.status = 'blocked' then 'skipped' else 'failed' end,
			skip_reason = case when m.status = 'blocked' then case o.error_message when 'contact_opted_out' then 'opted_out' when 'run_stopped' then 'run_stopped' else 'window_closed' end end,
			sent_at = case when m.status in ('sent', 'delivered', 'read', 'played') then coalesce(o.sent_at, m.status_at) end,
			error_message = case when m.status in ('failed', 'superseded') then coalesce(o.error_message, m.error_code::text, m.status) end
		from messages m left join outbox_messages o on o.tenant_id = m.tenant_id and o.id = m.outbox_id
		where d.tenant_id = p_tenant_id and d.run_id = p_run_id and d.status = 'queued' and m.tenant_id = p_tenant_id and m.outbox_id = d.outbox_id
			and m.status not in ('pending', 'unknown');
	update agentic_instagram_dm_runs r set total_leads = c.total, dms_sent = c.sent, dms_failed = c.failed, dms_skipped = c.skipped, dms_pending = c.pending + c.queued,
			status = case when r.status = 'running' and c.pending + c.queued = 0 then 'completed' else r.status end,
			ended_at = case when r.status = 'running' and c.pending + c.queued = 0 then now() else r.ended_at end,
			next_batch_at = case when c.pending = 0 then null else r.next_batch_at end, held_by = case when c.pending = 0 then null else r.held_by end
		from (
			select count(*) as total, count(*) filter (where d.status = 'sent') as sent, count(*) filter (where d.status = 'failed') as failed,
				count(*) filter (where d.status = 'skipped') as skipped, count(*) filter (where d.status = 'pending') as pending, count(*) filter (where d.status = 'queued') as queued
			from agentic_instagram_dm_sent d where d.tenant_id = p_tenant_id and d.run_id = p_run_id) c
		where r.tenant_id = p_tenant_id and r.id = p_run_id
		returning r.* into v_run;
	if v_run.id is null then
		raise exception 'outreach run % does not exist', p_run_id using errcode = 'ZF004';
	end if;
	return v_run;
end
$$;
comment on function refresh_instagram_run(uuid, bigint) is 'Brings a run up to what became of its messages in the outbox, counts, and ends it when nothing is left.';

create function stop_instagram_run(p_tenant_id uuid, p_run_id bigint, p_why text) returns agentic_instagram_dm_runs
language plpgsql
set search_path from current
as $$
declare
	v_waiting record;
begin
	update agentic_instagram_dm_runs set status = 'failed', ended_at = now(), error_log = p_why, held_by = null, next_batch_at = null
		where tenant_id = p_tenant_id and id = p_run_id and status = 'running';
	if not found then
		raise exception 'outreach run % does not run', p_run_id using errcode = 'ZF005';
	end if;
	update agentic_instagram_dm_sent set status = 'skipped', skip_reason = 'run_stopped' where tenant_id = p_tenant_id and run_id = p_run_id and status = 'pending';
	for v_waiting in
		select o.id, o.conversation_id from agentic_instagram_dm_sent d join outbox_messages o on o.tenant_id = d.tenant_id and o.id = d.outbox_id
		where d.tenant_id = p_tenant_id and d.run_id = p_run_id and d.status = 'queued' and o.status = 'pending' order by o.conversation_id
	loop
		perform lock_outbox_lane(p_tenant_id, v_waiting.conversation_id);
		perform block_outbox(p_tenant_id, o.id, 'run_stopped') from outbox_messages o where o.tenant_id = p_tenant_id and o.id = v_waiting.id and o.status = 'pending';
		perform next_in_lane(p_tenant_id, v_waiting.conversation_id);
	end loop;
	perform record_audit(p_tenant_id, 'outreach.stopped', 'instagram_run', p_run_id::text, jsonb_build_object('why', p_why));
	return refresh_instagram_run(p_tenant_id, p_run_id);
end
$$;
comment on function stop_instagram_run(uuid, bigint, text) is 'Ends a run before its time: what waits is skipped, in the outbox too. What is on its way is settled later.';

create function pick_instagram_batch(p_tenant_id uuid, p_run_id bigint, p_limit integer, p_limits jsonb)
returns table (dm_id bigint, lead_id bigint, username text, full_name text, conversation_id uuid)
language plpgsql
set search_path from current
as $$
#variable_conflict use_column
declare
	v_run agentic_instagram_dm_runs;
	v_zone text := (select t.timezone from tenants t where t.id = p_tenant_id);
	v_window_from timestamptz := now() - interval '24 hours' + make_interval(secs => (p_limits ->> 'windowMarginSeconds')::integer);
	v_group record;
	v_fit bigint[];
	v_conversations uuid[];
	v_room integer;
	v_quiet_end timestamptz;
	v_hour bigint;
	v_hour_frees_at timestamptz;
	v_today bigint;
begin
	-- One batch of a run at a time, and one of an account: the caps are counted and used up together.
	select * into v_run from agentic_instagram_dm_runs r where r.tenant_id = p_tenant_id and r.id = p_run_id for update;
	perform pg_advisory_xact_lock(hashtextextended(p_tenant_id::text || 'outreach' || v_run.account_used, 0));
	v_run := refresh_instagram_run(p_tenant_id, p_run_id);
	if v_run.status <> 'running' then
		return;
	elsif v_run.dms_sent + v_run.dms_failed >= (p_limits ->> 'errorShareFrom')::integer
		and v_run.dms_failed > v_run.max_error_share * (v_run.dms_sent + v_run.dms_failed)
	then
		perform stop_instagram_run(p_tenant_id, p_run_id, format('%s of %s messages failed, more than the share of %s that this run allows',
			v_run.dms_failed, v_run.dms_sent + v_run.dms_failed, v_run.max_error_share));
		return;
	end if;

	-- By reason, not by a join of ids: on a table without statistics that may compare each with each.
	for v_group in
		select f.reason, array_agg(f.id order by f.wrote_at, f.id) as ids, array_agg(f.conversation_id order by f.wrote_at, f.id) as conversations from (
			select d.id, p.conversation_id, p.wrote_at, case
				when p.contact_id is null then 'unknown_contact'
				when p.opted_out then 'opted_out'
				when (
					select k.auto_classify_as from tenant_known_contacts k
					where k.tenant_id = p_tenant_id and k.platform = 'instagram' and k.username_key = identity_key(d.username)
				) in ('PESSOAL', 'SPAM', 'DESQUALIFICADO') then 'known_contact'
				when p.wrote_at is null then 'never_wrote'
				-- The wait and not the lead was late.
				when p.wrote_at <= v_window_from and p.wrote_at > v_run.started_at - interval '24 hours' and v_run.held_by in ('cap', 'quiet_hours') then v_run.held_by
				when p.wrote_at <= v_window_from then 'window_closed'
				when p.with_a_person then 'with_a_person' end as reason
			from agentic_instagram_dm_sent d
			left join lateral instagram_lead_contact(p_tenant_id, v_run.channel_account_id, d.username) p on true
			where d.tenant_id = p_tenant_id and d.run_id = p_run_id and d.status = 'pending'
		) f group by f.reason
	loop
		if v_group.reason is null then
			v_fit := v_group.ids;
			v_conversations := v_group.conversations;
		else
			update agentic_instagram_dm_sent d set status = 'skipped', skip_reason = v_group.reason where d.tenant_id = p_tenant_id and d.id = any (v_group.ids);
		end if;
	end loop;

	select count(*) filter (where d.queued_at > now() - interval '1 hour'), min(d.queued_at) filter (where d.queued_at > now() - interval '1 hour') + interval '1 hour',
			count(*) filter (where d.queued_at >= date_trunc('day', now() at time zone v_zone) at time zone v_zone)
		into v_hour, v_hour_frees_at, v_today
		from agentic_instagram_dm_sent d where d.tenant_id = p_tenant_id and d.account_used = v_run.account_used
			and d.queued_at >= least(now() - interval '1 hour', date_trunc('day', now() at time zone v_zone) at time zone v_zone);
	v_quiet_end := quiet_hours_end(now(), v_zone, v_run.quiet_from, v_run.quiet_to);
	update agentic_instagram_dm_runs r set
			held_by = case when a.closed then 'account_paused' when v_quiet_end is not null then 'quiet_hours' when a.full_day or a.full_hour then 'cap' end,
			next_batch_at = case when a.closed then null when v_quiet_end is not null then v_quiet_end
				when a.full_day then (date_trunc('day', now() at time zone v_zone) + interval '1 day') at time zone v_zone when a.full_hour then v_hour_frees_at end
		from (
			select ca.status <> 'active' or not ca.is_active as closed, v_today >= v_run.daily_cap as full_day, v_hour >= v_run.hourly_cap as full_hour
			from channel_accounts ca where ca.tenant_id = p_tenant_id and ca.id = v_run.channel_account_id) a
		where r.tenant_id = p_tenant_id and r.id = p_run_id
		returning r.* into v_run;
	if v_run.held_by is null then
		-- First whose window closes first.
		v_room := least(p_limit, v_run.hourly_cap - v_hour, v_run.daily_cap - v_today);
		return query
			select d.id, d.lead_id, l.username::text, l.full_name::text, f.conversation_id
			from unnest(v_fit[1:v_room], v_conversations[1:v_room]) with ordinality f(id, conversation_id, place)
			join agentic_instagram_dm_sent d on d.tenant_id = p_tenant_id and d.id = f.id
			join agentic_instagram_leads l on l.tenant_id = p_tenant_id and l.id = d.lead_id
			order by f.place;
	end if;
end
$$;
comment on function pick_instagram_batch(uuid, bigint, integer, jsonb) is
	'The next leads of a run to write to, within caps and outside quiet hours. Skips first whoever may not be written to; stops the run when too many sends failed. The run says what it waits for.';

create function queue_instagram_dms(p_tenant_id uuid, p_run_id bigint, p_dms jsonb) returns agentic_instagram_dm_runs
language plpgsql
set search_path from current
as $$
declare
	v_dm record;
begin
	for v_dm in
		select d.id, g."conversationId" as conversation_id, g.template, g.text, g.payload, g."skipReason" as skip_reason
		from jsonb_to_recordset(p_dms) g("dmId" bigint, "conversationId" uuid, template text, text text, payload jsonb, "skipReason" text)
		join agentic_instagram_dm_sent d on d.tenant_id = p_tenant_id and d.run_id = p_run_id and d.id = g."dmId" and d.status = 'pending'
		-- One order everywhere: two batches of a tenant wait for each other's lanes instead of deadlocking.
		order by g."conversationId"
	loop
		if v_dm.skip_reason is not null then
			update agentic_instagram_dm_sent set status = 'skipped', skip_reason = v_dm.skip_reason, message_template = v_dm.template where tenant_id = p_tenant_id and id = v_dm.id;
			continue;
		end if;
		update agentic_instagram_dm_sent set status = 'queued', queued_at = now(), message_template = v_dm.template, message_sent = v_dm.text,
				outbox_id = enqueue_outbox(p_tenant_id, v_dm.conversation_id, 'direct', 'outreach:' || v_dm.id, 0, null, v_dm.payload, v_dm.text,
					'system', null, null)
			where tenant_id = p_tenant_id and id = v_dm.id;
	end loop;
	return refresh_instagram_run(p_tenant_id, p_run_id);
end
$$;
comment on function queue_instagram_dms(uuid, bigint, jsonb) is 'Puts the messages of a batch into the outbox, each once however often it is called: [{dmId, conversationId, template, text, payload} | {dmId, template, skipReason}].';

select secure_schema();
