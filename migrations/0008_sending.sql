-- breaking: no
-- Sending: lease what is due, write down how each send ended, pause and resume lanes, settle what nobody knows.

create function is_overtaken(p_tenant_id uuid, p_id uuid) returns boolean
language plpgsql
set search_path from current
as $$
declare
	v_row outbox_messages;
begin
	select * into v_row from outbox_messages o where o.tenant_id = p_tenant_id and o.id = p_id;
	-- Alone with the lane: a turn that is being claimed right now reads this reply as said.
	perform 1 from conversation_locks l
		where l.tenant_id = v_row.tenant_id and l.conversation_id = v_row.conversation_id and l.worker_id is null for update skip locked;
	if not found then
		return false;
	end if;
	return exists (
			select 1 from message_queue q
			where q.tenant_id = v_row.tenant_id and q.conversation_id = v_row.conversation_id and q.status = 'queued' and q.finished_at is null
				and q.message_id > v_row.answers_up_to
		)
		-- A later turn took this reply as said.
		and not exists (
			select 1 from turns t where t.tenant_id = v_row.tenant_id and t.conversation_id = v_row.conversation_id and t.id > v_row.turn_id
		)
		-- Once in a row only: a customer who never stops writing gets answers.
		and coalesce((
			select o.status from outbox_messages o
			where o.tenant_id = v_row.tenant_id and o.conversation_id = v_row.conversation_id and o.seq < v_row.seq order by o.seq desc limit 1
		), '') <> 'superseded';
end
$$;
comment on function is_overtaken(uuid, uuid) is
	'Has the customer written something that no turn has taken up yet? Then this reply is stale: the next turn answers both.';

create function claim_outbox(p_worker_id text, p_limit integer, p_lease_seconds integer, p_grace_seconds integer)
returns table (id uuid, tenant_id uuid, conversation_id uuid, lease_token bigint, attempts integer, kind text, payload jsonb, channel_account_id uuid, channel text,
	external_id text, access_token_encrypted text, phone text, bsuid text, igsid text, psid text)
language plpgsql
security definer
set search_path from current
as $$
#variable_conflict use_column
declare
	v_token bigint := nextval('lease_tokens');
	v_lane record;
	v_row outbox_messages;
	v_template message_templates;
	v_payload jsonb;
	v_taken integer := 0;
	v_tokens double precision;
	v_conversation conversations;
	v_contact contacts;
begin
	for v_lane in
		select l.tenant_id, l.conversation_id, l.channel_account_id, l.pair_tokens, l.pair_tokens_at
		from outbox_lanes l
		join channel_accounts ca on ca.tenant_id = l.tenant_id and ca.id = l.channel_account_id
		join tenants t on t.id = l.tenant_id
		where l.available_at <= now() and ca.status = 'active' and ca.is_active and coalesce(ca.hold_until, '-infinity') <= now() and t.status in ('trial', 'active')
		order by l.available_at
		limit p_limit
		for update of l skip locked
	loop
		exit when v_taken >= p_limit;
		select * into v_row from outbox_messages o
			where o.tenant_id = v_lane.tenant_id and o.conversation_id = v_lane.conversation_id and o.status in ('pending', 'sending', 'unknown')
				and (o.status <> 'unknown' or o.unknown_since > now() - make_interval(secs => p_grace_seconds) or o.overdue_told_at is null)
			order by o.seq limit 1 for update;
		if v_row.id is null then
			perform next_in_lane(v_lane.tenant_id, v_lane.conversation_id);
			continue;
		end if;
		if v_row.status = 'sending' and v_row.locked_until > now() then
			perform wake_outbox_lane(v_lane.tenant_id, v_lane.conversation_id, v_row.locked_until);
			continue;
		elsif v_row.status = 'sending' then
			-- The worker is gone and nobody knows whether Meta took it: not sent again.
			update outbox_messages o set status = 'unknown', unknown_since = now(), locked_until = null where o.tenant_id = v_row.tenant_id and o.id = v_row.id;
			update messages m set status = 'unknown', status_at = now() where m.tenant_id = v_row.tenant_id and m.outbox_id = v_row.id;
			perform record_audit(v_row.tenant_id, 'outbox.unknown', 'outbox_message', v_row.id::text, jsonb_build_object('cause', 'lease_expired'));
			perform wake_outbox_lane(v_lane.tenant_id, v_lane.conversation_id, now() + make_interval(secs => p_grace_seconds));
			continue;
		elsif v_row.status = 'unknown' and v_row.unknown_since > now() - make_interval(secs => p_grace_seconds) then
			perform wake_outbox_lane(v_lane.tenant_id, v_lane.conversation_id, v_row.unknown_since + make_interval(secs => p_grace_seconds));
			continue;
		elsif v_row.status = 'unknown' then
			update outbox_messages o set overdue_told_at = now() where o.tenant_id = v_row.tenant_id and o.id = v_row.id;
			perform record_audit(v_row.tenant_id, 'outbox.unknown_overdue', 'outbox_message', v_row.id::text, '{}');
			perform next_in_lane(v_lane.tenant_id, v_lane.conversation_id);
			continue;
		end if;

		select * into v_conversation from conversations c where c.tenant_id = v_row.tenant_id and c.id = v_row.conversation_id;
		select * into v_contact from contacts k where k.tenant_id = v_row.tenant_id and k.id = v_row.contact_id;
		-- A reply that a person or a newer message has overtaken is not sent.
		if v_row.kind = 'reply' and v_row.position = 0 and (v_conversation.status = 'handoff' or is_overtaken(v_row.tenant_id, v_row.id)) then
			perform supersede_replies(v_row.tenant_id, v_row.conversation_id, v_row.turn_id);
			perform record_audit(v_row.tenant_id, 'outbox.superseded', 'outbox_message', v_row.id::text, jsonb_build_object('turn', v_row.turn_id));
			perform next_in_lane(v_lane.tenant_id, v_lane.conversation_id);
			continue;
		end if;

		v_payload := v_row.whatsapp_payload;
		v_template := null;
		if (v_contact.opted_out_at is not null and v_row.kind <> 'notice') then
			perform block_outbox(v_row.tenant_id, v_row.id, 'contact_opted_out');
			perform next_in_lane(v_lane.tenant_id, v_lane.conversation_id);
			continue;
		elsif coalesce(v_payload ->> 'type', 'text') <> 'template' and coalesce(v_conversation.last_customer_message_at, '-infinity') <= now() - interval '24 hours' then
			select * into v_template from message_templates mt
				where mt.tenant_id = v_row.tenant_id and mt.is_active and mt.meta_status = 'APPROVED' and mt.meta_name is not null
					and (mt.id = v_row.fallback_template_id or (v_row.fallback_template_id is null and mt.category = 'window'))
				order by mt.created_at limit 1;
			if v_template.id is null or (select ca.kind from channel_accounts ca where ca.tenant_id = v_row.tenant_id and ca.id = v_row.channel_account_id) <> 'whatsapp' then
				perform block_outbox(v_row.tenant_id, v_row.id, 'outside_24h_window');
				perform next_in_lane(v_lane.tenant_id, v_lane.conversation_id);
				continue;
			end if;
			v_payload := jsonb_build_object('type', 'template', 'template', jsonb_build_object('name', v_template.meta_name,
				'language', jsonb_build_object('code', v_template.language), 'components', v_template.components));
			update message_templates mt set usage_count = usage_count + 1 where mt.tenant_id = v_row.tenant_id and mt.id = v_template.id;
		end if;

		-- Pacing: first the pair (person), then the number.
		v_tokens := least(45, v_lane.pair_tokens + extract(epoch from now() - v_lane.pair_tokens_at) / 6);
		if v_tokens < 1 then
			perform wake_outbox_lane(v_lane.tenant_id, v_lane.conversation_id, now() + make_interval(secs => (1 - v_tokens) * 6));
			continue;
		end if;
		update channel_accounts ca set
				send_tokens = least(ca.max_messages_per_second, ca.send_tokens + extract(epoch from now() - ca.send_tokens_at) * ca.max_messages_per_second) - 1,
				send_tokens_at = now()
			where ca.tenant_id = v_lane.tenant_id and ca.id = v_lane.channel_account_id
				and least(ca.max_messages_per_second, ca.send_tokens + extract(epoch from now() - ca.send_tokens_at) * ca.max_messages_per_second) >= 1;
		if not found then
			perform wake_outbox_lane(v_lane.tenant_id, v_lane.conversation_id, now() + interval '100 milliseconds');
			continue;
		end if;
		update outbox_lanes l set pair_tokens = v_tokens - 1, pair_tokens_at = now(), available_at = now() + make_interval(secs => p_lease_seconds)
			where l.tenant_id = v_lane.tenant_id and l.conversation_id = v_lane.conversation_id;
		update outbox_messages o set status = 'sending', attempts = o.attempts + 1, lease_token = v_token, whatsapp_payload = v_payload,
				kind = case when v_template.id is not null then 'template' else o.kind end, locked_until = now() + make_interval(secs => p_lease_seconds)
			where o.tenant_id = v_row.tenant_id and o.id = v_row.id;
		v_taken := v_taken + 1;
		return query
			select v_row.id, v_row.tenant_id, v_row.conversation_id, v_token, v_row.attempts + 1, v_row.kind, v_payload, ca.id, ca.kind, ca.external_id, ca.access_token_encrypted,
				(select i.value from contact_identities i where i.tenant_id = v_row.tenant_id and i.contact_id = v_row.contact_id and i.kind = 'phone' and i.superseded_at is null order by i.id desc limit 1),
				(select i.value from contact_identities i where i.tenant_id = v_row.tenant_id and i.contact_id = v_row.contact_id and i.kind = 'bsuid' and i.superseded_at is null order by i.id desc limit 1),
				(select i.value from contact_identities i where i.tenant_id = v_row.tenant_id and i.contact_id = v_row.contact_id and i.kind = 'igsid' and i.superseded_at is null order by i.id desc limit 1),
				(select i.value from contact_identities i where i.tenant_id = v_row.tenant_id and i.contact_id = v_row.contact_id and i.kind = 'psid' and i.superseded_at is null order by i.id desc limit 1)
			from channel_accounts ca where ca.tenant_id = v_row.tenant_id and ca.id = v_row.channel_account_id;
	end loop;
end
$$;
comment on function claim_outbox(text, integer, integer, integer) is
	'Door. Leases the next row of due send lanes: order a conversation, pace a pair and a number, 24-hour window (template or blocked), stale replies superseded, expired leases become unknown.';

create function block_outbox(p_tenant_id uuid, p_id uuid, p_reason text) returns void
language plpgsql
set search_path from current
as $$
begin
	update outbox_messages set status = 'blocked', error_message = p_reason where tenant_id = p_tenant_id and id = p_id;
	update messages set status = 'blocked', status_at = now() where tenant_id = p_tenant_id and outbox_id = p_id;
	perform record_audit(p_tenant_id, 'outbox.blocked', 'outbox_message', p_id::text, jsonb_build_object('reason', p_reason));
end
$$;
comment on function block_outbox(uuid, uuid, text) is 'A message that must not be sent: outside the window without a template, or to somebody who opted out.';

create function settle_outbox(p_tenant_id uuid, p_id uuid, p_lease_token bigint, p_result jsonb) returns text
language plpgsql
set search_path from current
as $$
declare
	v_row outbox_messages;
	v_outcome text := p_result ->> 'outcome';
	v_delay interval := make_interval(secs => coalesce((p_result ->> 'delaySeconds')::double precision, 0));
	v_code integer := (p_result ->> 'errorCode')::integer;
	v_event record;
begin
	perform lock_outbox_lane(o.tenant_id, o.conversation_id) from outbox_messages o where o.tenant_id = p_tenant_id and o.id = p_id;
	select * into v_row from outbox_messages o where o.tenant_id = p_tenant_id and o.id = p_id for update;
	if not found then
		raise exception 'outbox message % does not exist', p_id using errcode = 'ZF004';
	end if;
	-- A status webhook may have been faster than the answer of the call.
	if v_row.status not in ('sending', 'unknown') then
		return v_row.status;
	end if;
	if v_row.lease_token is distinct from p_lease_token then
		raise exception 'outbox message % is no longer leased to this worker', p_id using errcode = 'ZF002';
	end if;
	-- Waiting for a limit or a template costs no attempt; it still ends.
	if v_outcome = 'retry' and v_row.created_at < now() - interval '48 hours' then
		v_outcome := 'failed';
	end if;

	if v_outcome = 'sent' then
		update outbox_messages set status = 'sent', sent_at = now(), locked_until = null, provider_message_id = p_result ->> 'providerMessageId', error_code = null, error_message = null
			where tenant_id = p_tenant_id and id = p_id;
		update messages set status = 'sent', status_at = now(), provider_message_id = p_result ->> 'providerMessageId', provider_timestamp = now()
			where tenant_id = p_tenant_id and outbox_id = p_id;
		update conversations set last_outbound_at = now(), last_message_at = greatest(last_message_at, now()) where tenant_id = p_tenant_id and id = v_row.conversation_id;
		perform count_usage(p_tenant_id, 'outbound_messages', 1);
		-- Statuses that came before the answer were parked: they apply now.
		for v_event in
			select e.id, e.payload, e.provider_timestamp, e.provider_status from webhook_events e
			where e.tenant_id = p_tenant_id and e.kind = 'status' and e.status = 'pending' and e.meta_message_id = p_result ->> 'providerMessageId'
			order by status_rank(e.provider_status), e.id
		loop
			perform apply_status(p_tenant_id, v_row.channel_account_id, p_result ->> 'providerMessageId',
				jsonb_build_object('status', v_event.provider_status, 'errorCode', v_event.payload #> '{item,errors,0,code}', 'errorTitle', v_event.payload #> '{item,errors,0,title}'),
				coalesce(v_event.provider_timestamp, now()));
			update webhook_events set status = 'processed', reason = null, processed_at = now() where id = v_event.id;
		end loop;
		perform next_in_lane(p_tenant_id, v_row.conversation_id);
	elsif v_outcome = 'retry' then
		update outbox_messages set status = 'pending', locked_until = null, error_code = v_code, error_message = p_result ->> 'errorMessage',
				attempts = case when coalesce((p_result ->> 'consumesAttempt')::boolean, true) then attempts else greatest(0, attempts - 1) end
			where tenant_id = p_tenant_id and id = p_id;
		perform wake_outbox_lane(p_tenant_id, v_row.conversation_id, now() + v_delay);
		if p_result ->> 'hold' = 'number' then
			update channel_accounts set hold_until = now() + v_delay where tenant_id = p_tenant_id and id = v_row.channel_account_id;
		elsif p_result ->> 'hold' = 'account' then
			update channel_accounts ca set hold_until = now() + v_delay
				where ca.tenant_id = p_tenant_id and ca.parent_id = (select parent_id from channel_accounts where tenant_id = p_tenant_id and id = v_row.channel_account_id);
		end if;
		perform record_audit(p_tenant_id, 'outbox.retry', 'outbox_message', p_id::text, jsonb_build_object('code', v_code, 'delaySeconds', p_result -> 'delaySeconds'));
	elsif v_outcome = 'unknown' then
		update outbox_messages set status = 'unknown', unknown_since = now(), locked_until = null, error_code = v_code, error_message = p_result ->> 'errorMessage'
			where tenant_id = p_tenant_id and id = p_id and status = 'sending';
		update messages set status = 'unknown', status_at = now() where tenant_id = p_tenant_id and outbox_id = p_id;
		perform wake_outbox_lane(p_tenant_id, v_row.conversation_id, now() + v_delay);
		perform record_audit(p_tenant_id, 'outbox.unknown', 'outbox_message', p_id::text, jsonb_build_object('code', v_code, 'cause', p_result ->> 'errorMessage'));
	elsif v_outcome = 'failed' then
		with failed as (
			-- The later parts of the same turn make no sense without this one.
			update outbox_messages o set status = 'failed', failed_at = now(), locked_until = null, error_code = v_code,
					error_message = case when o.id = p_id then p_result ->> 'errorMessage' else 'an earlier part of this reply failed' end
				where o.tenant_id = p_tenant_id and (o.id = p_id or (o.turn_id = v_row.turn_id and o.status = 'pending' and o.position > v_row.position))
				returning o.id
		)
		update messages m set status = 'failed', status_at = now(), error_code = v_code from failed where m.tenant_id = p_tenant_id and m.outbox_id = failed.id;
		perform record_audit(p_tenant_id, 'outbox.failed', 'outbox_message', p_id::text, jsonb_build_object('code', v_code, 'name', p_result ->> 'errorMessage'));
		if (p_result ->> 'optOut')::boolean then
			update contacts set marketing_opted_out_at = coalesce(marketing_opted_out_at, now()) where tenant_id = p_tenant_id and id = v_row.contact_id;
		end if;
		perform next_in_lane(p_tenant_id, v_row.conversation_id);
	elsif v_outcome = 'window' then
		-- Meta's clock decides about the window: back to the lane, which now looks for a template.
		update outbox_messages set status = 'pending', locked_until = null, error_code = v_code, error_message = p_result ->> 'errorMessage' where tenant_id = p_tenant_id and id = p_id;
		update conversations set last_customer_message_at = least(last_customer_message_at, now() - interval '24 hours') where tenant_id = p_tenant_id and id = v_row.conversation_id;
		perform wake_outbox_lane(p_tenant_id, v_row.conversation_id, now());
	elsif v_outcome = 'pause' then
		update outbox_messages set status = 'pending', locked_until = null, attempts = greatest(0, attempts - 1), error_code = v_code, error_message = p_result ->> 'errorMessage'
			where tenant_id = p_tenant_id and id = p_id;
		perform wake_outbox_lane(p_tenant_id, v_row.conversation_id, now());
		perform pause_channel_accounts(p_tenant_id, v_row.channel_account_id, coalesce(p_result ->> 'scope', 'number'), coalesce(p_result ->> 'reason', 'meta refused'));
	else
		raise exception 'unknown outcome % for outbox message %', v_outcome, p_id using errcode = 'ZF005';
	end if;
	return (select o.status from outbox_messages o where o.tenant_id = p_tenant_id and o.id = p_id);
end
$$;
comment on function settle_outbox(uuid, uuid, bigint, jsonb) is
	'Writes down how a send ended. outcome: sent {providerMessageId}, retry {delaySeconds, consumesAttempt, hold}, unknown {delaySeconds}, failed {optOut}, window, pause {scope, reason}. Returns the row''s status.';

create function pause_channel_accounts(p_tenant_id uuid, p_channel_account_id uuid, p_scope text, p_reason text) returns integer
language plpgsql
set search_path from current
as $$
declare
	v_count integer;
begin
	update channel_accounts ca set status = 'paused', paused_at = now(), paused_reason = p_reason
		where ca.tenant_id = p_tenant_id and ca.status = 'active' and (ca.id = p_channel_account_id or p_scope = 'tenant'
			or (p_scope = 'account' and ca.parent_id = (select parent_id from channel_accounts where tenant_id = p_tenant_id and id = p_channel_account_id)));
	get diagnostics v_count = row_count;
	if v_count > 0 then
		perform record_audit(p_tenant_id, 'channel_account.paused', 'channel_account', p_channel_account_id::text, jsonb_build_object('scope', p_scope, 'reason', p_reason, 'accounts', v_count));
	end if;
	return v_count;
end
$$;
comment on function pause_channel_accounts(uuid, uuid, text, text) is 'Stops sending for a number, its business account or the whole tenant until a person resumes it. Other tenants go on.';

create function resume_channel_account(p_tenant_id uuid, p_channel_account_id uuid) returns boolean
language plpgsql
set search_path from current
as $$
begin
	update channel_accounts set status = 'active', paused_at = null, paused_reason = null, hold_until = null
		where tenant_id = p_tenant_id and id = p_channel_account_id and status = 'paused';
	if found then
		perform record_audit(p_tenant_id, 'channel_account.resumed', 'channel_account', p_channel_account_id::text, '{}');
	end if;
	return found;
end
$$;
comment on function resume_channel_account(uuid, uuid) is 'Lets a paused account send again.';

create function settle_unknown(p_tenant_id uuid, p_id uuid, p_verdict text) returns text
language plpgsql
set search_path from current
as $$
declare
	v_row outbox_messages;
	v_actor text := coalesce(nullif(current_setting('agent_factory.actor', true), ''), 'operator');
begin
	perform lock_outbox_lane(o.tenant_id, o.conversation_id) from outbox_messages o where o.tenant_id = p_tenant_id and o.id = p_id;
	select * into v_row from outbox_messages o where o.tenant_id = p_tenant_id and o.id = p_id for update;
	if not found or v_row.status <> 'unknown' then
		raise exception 'outbox message % is not in state unknown', p_id using errcode = 'ZF005';
	end if;
	if p_verdict = 'sent' then
		update outbox_messages set status = 'sent', sent_at = now(), settled_by = v_actor where tenant_id = p_tenant_id and id = p_id;
		update messages set status = 'sent', status_at = now() where tenant_id = p_tenant_id and outbox_id = p_id;
	elsif p_verdict = 'failed' then
		update outbox_messages set status = 'failed', failed_at = now(), settled_by = v_actor where tenant_id = p_tenant_id and id = p_id;
		update messages set status = 'failed', status_at = now() where tenant_id = p_tenant_id and outbox_id = p_id;
	elsif p_verdict = 'send_again' then
		update outbox_messages set status = 'pending', unknown_since = null, overdue_told_at = null, settled_by = v_actor where tenant_id = p_tenant_id and id = p_id;
		update messages set status = 'pending', status_at = now() where tenant_id = p_tenant_id and outbox_id = p_id;
	else
		raise exception 'unknown verdict %', p_verdict using errcode = 'ZF005';
	end if;
	perform record_audit(p_tenant_id, 'outbox.settled', 'outbox_message', p_id::text, jsonb_build_object('verdict', p_verdict));
	perform next_in_lane(p_tenant_id, v_row.conversation_id);
	return (select o.status from outbox_messages o where o.tenant_id = p_tenant_id and o.id = p_id);
end
$$;
comment on function settle_unknown(uuid, uuid, text) is 'A person''s word on a send of unknown outcome: sent, failed, or send_again (which may double it, and is theirs to decide).';

create function due_work() returns table (turns integer, outbox integer, next_at timestamptz)
language sql stable
security definer
set search_path from current
as $$
	-- Exactly what a claim would take: work that is due but not to be had would start executions without end.
	select
		(select count(*)::integer from (
			select 1 from conversation_locks l join tenants t on t.id = l.tenant_id
			where l.available_at <= now() and t.status in ('trial', 'active') limit 100) d),
		(select count(*)::integer from (
			select 1 from outbox_lanes l
			join channel_accounts ca on ca.tenant_id = l.tenant_id and ca.id = l.channel_account_id
			join tenants t on t.id = l.tenant_id
			where l.available_at <= now() and ca.status = 'active' and ca.is_active and coalesce(ca.hold_until, '-infinity') <= now()
				and t.status in ('trial', 'active') limit 100) d),
		least(
			(select min(l.available_at) from conversation_locks l where l.available_at > now()),
			-- A lane asleep until infinity is no date: before PostgreSQL 17 nothing can be subtracted from it.
			(select min(l.available_at) from outbox_lanes l where l.available_at > now() and l.available_at < 'infinity'))
$$;
comment on function due_work() is 'Door. How many lanes are due now (counted up to 100) and when the next one will be.';

select secure_schema();
