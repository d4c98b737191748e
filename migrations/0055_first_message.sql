-- breaking: no
-- The first message on purpose may fail: then another one takes its place.

create or replace function note_first_message(p_tenant_id uuid, p_onboarding_id uuid, p_outbox_id uuid) returns void
language plpgsql
set search_path from current
as $$
declare
	v_row onboardings := lock_onboarding(p_tenant_id, p_onboarding_id, '{active}');
begin
	update onboardings o set first_message_id = p_outbox_id, first_message_at = now()
		where o.tenant_id = p_tenant_id and o.id = v_row.id and o.first_message_id is distinct from p_outbox_id
			and (o.first_message_id is null or exists (
				select 1 from outbox_messages m where m.tenant_id = o.tenant_id and m.id = o.first_message_id and m.status in ('failed', 'blocked', 'superseded')));
	if found then
		perform record_audit(p_tenant_id, 'onboarding.first_message', 'onboarding', v_row.id::text, jsonb_build_object('outboxId', p_outbox_id));
	end if;
end
$$;
comment on function note_first_message(uuid, uuid, uuid) is 'Which message was the first that the new agent''s number sent on purpose; another one only where the first did not arrive.';

create function first_message_of(p_tenant_id uuid, p_onboarding_id uuid)
returns table (outbox_id uuid, status text, error_code integer, reason text, phone text, contact_name text, by_template boolean, sent_at timestamptz, at timestamptz)
language sql stable
set search_path from current
as $$
	select m.id, m.status, m.error_code, m.error_message, k.phone, k.full_name, m.kind = 'template', m.sent_at,
		coalesce(m.read_at, m.delivered_at, m.failed_at, m.sent_at, m.updated_at)
	from onboardings o
	join outbox_messages m on m.tenant_id = o.tenant_id and m.id = o.first_message_id
	join contacts k on k.tenant_id = m.tenant_id and k.id = m.contact_id
	where o.tenant_id = p_tenant_id and o.id = p_onboarding_id
$$;
comment on function first_message_of(uuid, uuid) is 'What became of the first message of an onboarding; no row before there is one.';

select secure_schema();
