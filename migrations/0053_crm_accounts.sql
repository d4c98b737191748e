-- breaking: no
-- CRM accounts: where a CRM was told to send its webhooks, and people who are told when a CRM refuses us.

alter table crm_integrations
	add column webhook_url text check (length(webhook_url) between 1 and 1000),
	add column webhook_external_id text,
	add column webhook_error text;
comment on column crm_integrations.webhook_url is 'Where the CRM was told through its API to send webhooks, without the key; null: pasted there by hand, or not at all.';
comment on column crm_integrations.webhook_external_id is 'The registered webhook as the CRM names it.';
comment on column crm_integrations.webhook_error is 'Why the last try to register or remove the webhook failed; null: it did not.';

create or replace function block_crm_integration(p_tenant_id uuid, p_crm_id uuid, p_error text) returns boolean
language plpgsql
set search_path from current
as $$
begin
	update crm_integrations set blocked_at = now(), last_error = left(p_error, 500) where tenant_id = p_tenant_id and id = p_crm_id and blocked_at is null and is_active;
	if found then
		perform record_audit(p_tenant_id, 'crm.blocked', 'crm_integration', p_crm_id::text, '{}');
		perform notify_tenant(p_tenant_id, 'channel.trouble', 'crm ' || p_crm_id || ' ' || extract(epoch from now())::bigint,
			jsonb_build_object('tenantId', p_tenant_id, 'subjectType', 'crm_integration', 'subjectId', p_crm_id, 'status', 'needs_reconnect'));
		return true;
	end if;
	return false;
end
$$;
comment on function block_crm_integration(uuid, uuid, text) is
	'The CRM refused the token: nothing is tried until a new one is saved, and the tenant is told once. True for the first who says so.';

select secure_schema();
