-- breaking: no
-- A failure that Meta tells by a status, and not as the answer to the send, pauses the lane as the answer would.

create or replace function apply_status(p_tenant_id uuid, p_channel_account_id uuid, p_provider_message_id text, p_status jsonb, p_at timestamptz) returns boolean
language plpgsql
set search_path from current
as $$
declare
	v_new text := p_status ->> 'status';
	v_rank integer := status_rank(p_status ->> 'status');
	v_error integer := (p_status ->> 'errorCode')::integer;
	v_outbox outbox_messages;
	v_was text;
begin
	select * into v_outbox from outbox_messages o
		where o.tenant_id = p_tenant_id and o.provider_message_id = p_provider_message_id and o.channel_account_id = p_channel_account_id;
	if not found and p_status ->> 'outboxId' ~ '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then
		select * into v_outbox from outbox_messages o where o.tenant_id = p_tenant_id and o.id = (p_status ->> 'outboxId')::uuid;
	end if;
	if v_outbox.id is not null then
		perform lock_outbox_lane(p_tenant_id, v_outbox.conversation_id);
		select * into v_outbox from outbox_messages o where o.tenant_id = p_tenant_id and o.id = v_outbox.id for update;
	end if;
	if v_outbox.id is null then
		update messages set status = v_new, status_at = p_at, error_code = coalesce(v_error, error_code)
			where tenant_id = p_tenant_id and channel_account_id = p_channel_account_id and provider_message_id = p_provider_message_id
				and direction = 'outbound' and v_rank > status_rank(status);
		return found or exists (select 1 from messages where tenant_id = p_tenant_id and channel_account_id = p_channel_account_id and provider_message_id = p_provider_message_id);
	end if;
	v_was := v_outbox.status;

	if v_rank > 0 and v_rank > status_rank(v_was) then
		update outbox_messages set
				status = case v_new when 'played' then 'read' else v_new end, provider_message_id = coalesce(provider_message_id, p_provider_message_id),
				locked_until = null, settled_by = case when v_was in ('sending', 'unknown') then 'status' else settled_by end,
				sent_at = coalesce(sent_at, p_at), delivered_at = case when v_rank >= 2 then coalesce(delivered_at, p_at) end,
				read_at = case when v_rank >= 3 then coalesce(read_at, p_at) end
			where tenant_id = p_tenant_id and id = v_outbox.id;
		update messages set status = v_new, status_at = p_at, provider_message_id = coalesce(provider_message_id, p_provider_message_id)
			where tenant_id = p_tenant_id and outbox_id = v_outbox.id;
	elsif v_new = 'failed' and status_rank(v_was) <= 1 and v_was <> 'failed' then
		update outbox_messages set status = 'failed', locked_until = null, failed_at = p_at, error_code = v_error, error_message = p_status ->> 'errorTitle',
				provider_message_id = coalesce(provider_message_id, p_provider_message_id), settled_by = case when v_was in ('sending', 'unknown') then 'status' else settled_by end
			where tenant_id = p_tenant_id and id = v_outbox.id;
		update messages set status = 'failed', status_at = p_at, error_code = v_error, provider_message_id = coalesce(provider_message_id, p_provider_message_id)
			where tenant_id = p_tenant_id and outbox_id = v_outbox.id;
		perform record_audit(p_tenant_id, 'outbox.failed', 'outbox_message', v_outbox.id::text, jsonb_build_object('code', v_error, 'by', 'status'));
		if v_error = 131050 then
			update contacts set marketing_opted_out_at = coalesce(marketing_opted_out_at, now()) where tenant_id = p_tenant_id and id = v_outbox.contact_id;
		end if;
		-- What failed is the lane: every further message would fail the same way.
		if p_status ->> 'pause' in ('number', 'account', 'tenant') then
			perform pause_channel_accounts(p_tenant_id, v_outbox.channel_account_id, p_status ->> 'pause', coalesce(p_status ->> 'pauseReason', 'meta refused'));
		end if;
	end if;
	if v_was in ('sending', 'unknown') and (v_rank > 0 or v_new = 'failed') then
		perform next_in_lane(p_tenant_id, v_outbox.conversation_id);
	end if;
	return true;
end
$$;
comment on function apply_status(uuid, uuid, text, jsonb, timestamptz) is
	'Applies a StatusUpdate to the message it belongs to, by provider id or by the outbox id it carries. Forward only; a late success overrules a failure. A failure of the lane (pause: number, account, tenant) pauses it. False when nothing here knows the message yet.';

select secure_schema();
