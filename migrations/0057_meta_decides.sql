-- breaking: no
-- What Meta says of a message in its status is the last word: whether the window was open, and what it is billed as.

alter table outbox_messages
	add column refused_message_id text,
	add column pricing jsonb,
	add column cost_estimate jsonb;
comment on column outbox_messages.refused_message_id is 'Meta''s id of the free text that it took and then refused because the window was closed (131047); a template went in its place, once.';
comment on column outbox_messages.pricing is 'What Meta bills, as its status says: category, pricing_model, type, billable.';
comment on column outbox_messages.cost_estimate is 'What was counted at the send, where Meta then billed otherwise: {category, basis, costUsd}.';
create index outbox_messages_refused on outbox_messages (tenant_id, refused_message_id) where refused_message_id is not null;

create function send_template_instead(p_tenant_id uuid, p_outbox_id uuid, p_refused_message_id text) returns boolean
language plpgsql
set search_path from current
as $$
declare
	v_row outbox_messages;
begin
	select * into v_row from outbox_messages o where o.tenant_id = p_tenant_id and o.id = p_outbox_id;
	-- A message of the customer that came after the send has opened a new window.
	update conversations c set last_customer_message_at = least(c.last_customer_message_at, now() - interval '24 hours'), ad_entry_at = null, ad_window_until = null
		where c.tenant_id = p_tenant_id and c.id = v_row.conversation_id and coalesce(c.last_customer_message_at, '-infinity') <= coalesce(v_row.sent_at, now());
	if v_row.status <> 'failed' or v_row.refused_message_id is not null or v_row.whatsapp_payload ->> 'type' = 'template' or v_row.whatsapp_payload ? 'privateReply'
		or v_row.created_at < now() - interval '48 hours'
		or exists (select 1 from outbox_messages e where e.tenant_id = p_tenant_id and e.turn_id = v_row.turn_id and e.id <> v_row.id and (e.refused_message_id is not null or e.kind = 'template'))
	then
		return false;
	end if;
	update outbox_messages set status = 'pending', refused_message_id = p_refused_message_id, provider_message_id = null, sent_at = null, failed_at = null, settled_by = null,
			cost_usd = null, cost_basis = null, cost_estimate = null, pricing = null
		where tenant_id = p_tenant_id and id = p_outbox_id;
	update messages set status = 'pending', status_at = now(), provider_message_id = null, provider_timestamp = null, error_code = null where tenant_id = p_tenant_id and outbox_id = p_outbox_id;
	perform wake_outbox_lane(p_tenant_id, v_row.conversation_id, now());
	perform record_audit(p_tenant_id, 'outbox.template_instead', 'outbox_message', p_outbox_id::text, jsonb_build_object('code', 131047, 'refused', p_refused_message_id));
	return true;
end
$$;
comment on function send_template_instead(uuid, uuid, text) is
	'Meta took a free text and then refused it: the window counts as closed, and the message goes back to its lane, where a template takes over. Once a message, once a turn. The caller holds the lane.';

create function listed_price(p_row outbox_messages, p_category text, p_at timestamptz) returns table (cost_usd numeric, basis text)
language sql stable
set search_path from current
as $$
	select l.price, coalesce(l.basis, 'no_price')
	from (select
			(select i.value from contact_identities i where i.tenant_id = p_row.tenant_id and i.contact_id = p_row.contact_id and i.kind = 'phone' and i.superseded_at is null order by i.id desc limit 1) as phone,
			(select left(i.value, 2) from contact_identities i where i.tenant_id = p_row.tenant_id and i.contact_id = p_row.contact_id and i.kind = 'bsuid' and i.superseded_at is null order by i.id desc limit 1) as country
	) place
	left join lateral (
		select p.price * p.usd_per_unit as price, case when p.is_example then 'example_price' else 'price_list' end as basis
		from message_prices p
		where p.tenant_id = p_row.tenant_id and p.category = p_category and p.valid_from <= p_at::date
			and case when place.phone is not null then place.phone like p.country_prefix || '%' else p.country = place.country end
		order by length(p.country_prefix) desc, p.valid_from desc limit 1
	) l on true
$$;
comment on function listed_price(outbox_messages, text, timestamptz) is 'The price of a category at the recipient''s place: the newest valid one of the longest prefix; no_price where the list names no such place.';

create or replace function price_of_send(p_row outbox_messages, p_at timestamptz) returns table (cost_usd numeric, basis text, month date)
language plpgsql stable
set search_path from current
as $$
#variable_conflict use_column
declare
	v_month date;
	v_place record;
begin
	select date_trunc('month', p_at at time zone t.timezone)::date into v_month from tenants t where t.id = p_row.tenant_id;
	select ca.kind, c.ad_window_until into v_place
		from conversations c join channel_accounts ca on ca.tenant_id = c.tenant_id and ca.id = p_row.channel_account_id
		where c.tenant_id = p_row.tenant_id and c.id = p_row.conversation_id;
	if v_place.kind <> 'whatsapp' then
		return query select 0::numeric, 'not_billed', v_month;
	elsif v_place.ad_window_until > p_at then
		return query select 0::numeric, 'free_entry_point', v_month;
	elsif p_row.message_category = 'SERVICE' and p_at < '2026-10-01' then
		return query select 0::numeric, 'free_service', v_month;
	-- Since 2026-10-01 the first thousand service messages of a number and month are free.
	elsif p_row.message_category = 'SERVICE' and coalesce((
		select c.messages from message_costs c
		where c.tenant_id = p_row.tenant_id and c.month = v_month and c.channel_account_id = p_row.channel_account_id and c.category = 'SERVICE' and c.basis = 'free_tier'
	), 0) < 1000 then
		return query select 0::numeric, 'free_tier', v_month;
	else
		return query select l.cost_usd, l.basis, v_month from listed_price(p_row, p_row.message_category, p_at) l;
	end if;
end
$$;

comment on function price_of_send(outbox_messages, timestamptz) is 'What a message costs that leaves at a time, and why; null where the price list names no such place.';

alter table message_costs add column estimated_usd numeric(14,6) not null default 0;
comment on column message_costs.estimated_usd is 'What the same messages were counted at when they were sent, before Meta said what it bills.';
update message_costs set estimated_usd = cost_usd;

create or replace view message_usage with (security_invoker = true) as
	select c.tenant_id, c.month, c.channel_account_id, ca.display_name, ca.kind as channel, c.category, sum(c.messages) filter (where c.basis <> 'not_delivered') as messages,
		sum(c.messages) filter (where c.basis in ('price_list', 'example_price')) as charged, sum(c.messages) filter (where c.basis = 'no_price') as unknown_cost,
		sum(c.messages) filter (where c.basis = 'example_price') as by_example_price, sum(c.messages) filter (where c.basis = 'not_delivered') as not_delivered,
		sum(c.cost_usd) as cost_usd, max(t.max_message_spend_usd) as cap_usd, sum(c.estimated_usd) filter (where c.basis <> 'not_delivered') as estimated_usd
	from message_costs c join tenants t on t.id = c.tenant_id left join channel_accounts ca on ca.tenant_id = c.tenant_id and ca.id = c.channel_account_id
	group by c.tenant_id, c.month, c.channel_account_id, ca.display_name, ca.kind, c.category;

comment on view message_usage is 'What a month of messages cost by number and category; unknown_cost are messages to places that the price list does not name, estimated_usd is what was counted at the send.';

create function move_cost(p_was outbox_messages, p_now outbox_messages, p_at timestamptz) returns void
language sql
set search_path from current
as $$
	with place as (
		select date_trunc('month', p_at at time zone t.timezone)::date as month, coalesce((p_was.cost_estimate ->> 'costUsd')::numeric, p_was.cost_usd, 0) as estimate from tenants t where t.id = p_now.tenant_id
	), taken as (
		update message_costs c set messages = c.messages - 1, cost_usd = c.cost_usd - coalesce(p_was.cost_usd, 0), estimated_usd = c.estimated_usd - p.estimate
			from place p where c.tenant_id = p_was.tenant_id and c.month = p.month and c.channel_account_id = p_was.channel_account_id
				and c.category = p_was.message_category and c.basis = p_was.cost_basis
	)
	insert into message_costs as c (tenant_id, month, channel_account_id, category, basis, messages, cost_usd, estimated_usd)
		select p_now.tenant_id, p.month, p_now.channel_account_id, p_now.message_category, p_now.cost_basis, 1, coalesce(p_now.cost_usd, 0),
			case when p_was.cost_basis is null or p_was.cost_basis = 'not_delivered' then coalesce(p_now.cost_usd, 0) else p.estimate end from place p
		on conflict (tenant_id, month, channel_account_id, category, basis) do update set messages = c.messages + 1, cost_usd = c.cost_usd + excluded.cost_usd,
			estimated_usd = c.estimated_usd + excluded.estimated_usd
$$;
comment on function move_cost(outbox_messages, outbox_messages, timestamptz) is 'Takes a message out of the month''s count as it was counted, if it was, and counts it as it is now; its estimate goes with it.';

create or replace function count_cost() returns trigger
language plpgsql
set search_path from current
as $$
begin
	if new.status = 'failed' then
		-- Meta bills what was delivered.
		new.cost_usd := 0;
		new.cost_basis := 'not_delivered';
	else
		select p.cost_usd, p.basis into new.cost_usd, new.cost_basis from price_of_send(new, coalesce(new.sent_at, now())) p;
		if new.author = 'system' and old.sent_at is null then
			perform count_usage(new.tenant_id, 'proactive_messages', 1);
		end if;
	end if;
	perform move_cost(old, new, coalesce(case when new.status = 'failed' then old.sent_at else new.sent_at end, now()));
	return new;
end
$$;

comment on function count_cost() is 'Trigger: a message left and costs; one that then failed does not.';

create function count_pricing() returns trigger
language plpgsql
set search_path from current
as $$
declare
	v_type text := lower(new.pricing ->> 'type');
	v_category text := upper(case lower(new.pricing ->> 'category') when 'marketing_lite' then 'marketing' when 'authentication_international' then 'authentication' else new.pricing ->> 'category' end);
	v_at timestamptz := coalesce(new.sent_at, now());
	v_was outbox_messages := new;
begin
	-- referral_conversion names the ad that opened the window, not what was sent in it.
	if v_category is null or v_category not in ('MARKETING', 'UTILITY', 'AUTHENTICATION', 'SERVICE') then
		v_category := new.message_category;
	end if;
	if coalesce(v_type like 'free%', not (new.pricing ->> 'billable')::boolean, false) then
		v_was.cost_basis := case when v_type = 'free_entry_point' then 'free_entry_point' when v_type is distinct from 'free_customer_service' then 'not_billed'
			when v_category = 'SERVICE' and v_at >= '2026-10-01' then 'free_tier' else 'free_service' end;
		v_was.cost_usd := 0;
	elsif v_category <> new.message_category or new.cost_basis not in ('price_list', 'example_price', 'no_price') then
		select l.cost_usd, l.basis into v_was.cost_usd, v_was.cost_basis from listed_price(new, v_category, v_at) l;
	end if;
	if (v_was.cost_usd, v_was.cost_basis, v_category) is not distinct from (new.cost_usd, new.cost_basis, new.message_category) then
		return new;
	end if;
	new.cost_estimate := coalesce(new.cost_estimate, jsonb_build_object('category', new.message_category, 'basis', new.cost_basis, 'costUsd', new.cost_usd));
	new.cost_usd := v_was.cost_usd;
	new.cost_basis := v_was.cost_basis;
	v_was := old;
	-- Counted a moment ago, by the trigger before this one.
	if old.cost_basis is null then
		v_was.cost_usd := (new.cost_estimate ->> 'costUsd')::numeric;
		v_was.cost_basis := new.cost_estimate ->> 'basis';
		v_was.message_category := new.message_category;
	end if;
	new.message_category := v_category;
	perform move_cost(v_was, new, v_at);
	return new;
end
$$;
comment on function count_pricing() is 'Trigger: Meta said what it bills. Category, basis and cost become Meta''s; what was counted at the send is kept beside them.';
create trigger count_pricing before update on outbox_messages for each row
	when (new.pricing is distinct from old.pricing and new.pricing is not null and new.cost_basis is not null and new.cost_basis <> 'not_delivered')
	execute function count_pricing();

-- Functions of others change by a line each; a text that is not there any more stops this migration.
do $$
declare
	v_change text[];
	v_source text;
begin
	foreach v_change slice 1 in array array[
		array['apply_status(uuid, uuid, text, jsonb, timestamptz)', '	if v_outbox.id is not null then
		perform lock_outbox_lane',
			'	-- Of the text that was refused, not of the template that went in its place.
	if v_outbox.refused_message_id = p_provider_message_id or (v_outbox.id is null and exists (
		select 1 from outbox_messages o where o.tenant_id = p_tenant_id and o.refused_message_id = p_provider_message_id)) then
		return true;
	end if;
	if v_outbox.id is not null then
		perform lock_outbox_lane'],
		array['apply_status(uuid, uuid, text, jsonb, timestamptz)', 'read_at = case when v_rank >= 3 then coalesce(read_at, p_at) end',
			'read_at = case when v_rank >= 3 then coalesce(read_at, p_at) end, pricing = coalesce(nullif(p_status -> ''pricing'', ''null''), pricing)'],
		array['apply_status(uuid, uuid, text, jsonb, timestamptz)', 'jsonb_build_object(''code'', v_error, ''by'', ''status''));',
			'jsonb_build_object(''code'', v_error, ''by'', ''status''));
		if v_error = 131047 then
			perform send_template_instead(p_tenant_id, v_outbox.id, coalesce(p_provider_message_id, v_outbox.provider_message_id));
		end if;'],
		array['settle_outbox(uuid, uuid, bigint, jsonb)', '''errorTitle'', v_event.payload #> ''{item,errors,0,title}'')',
			'''errorTitle'', v_event.payload #> ''{item,errors,0,title}'', ''pricing'', v_event.payload #> ''{item,pricing}'')'],
		array['file_statuses(inbox_item[])', 'p.body #>> ''{status,status}'' as status,', 'p.body #>> ''{status,status}'' as status, nullif(p.body #> ''{status,pricing}'', ''null'') as pricing,'],
		array['file_statuses(inbox_item[])', 'select o.id, o.tenant_id, f.rank, f.status, f.at from found f', 'select o.id, o.tenant_id, f.rank, f.status, f.at, f.pricing from found f'],
		array['file_statuses(inbox_item[])', 'read_at = case when h.rank >= 3 then coalesce(o.read_at, h.at) end',
			'read_at = case when h.rank >= 3 then coalesce(o.read_at, h.at) end, pricing = coalesce(h.pricing, o.pricing)'],
		-- One template a reply: what it stood for does not follow it part by part.
		array['claim_outbox(text, integer, integer, integer)', '			select * into v_template from window_template(',
			'			if v_row.position > 0 and exists (
				select 1 from outbox_messages e where e.tenant_id = v_row.tenant_id and e.turn_id = v_row.turn_id and e.position < v_row.position and e.kind = ''template'') then
				perform block_outbox(v_row.tenant_id, v_row.id, ''template_went_instead'');
				perform next_in_lane(v_lane.tenant_id, v_lane.conversation_id);
				continue;
			end if;
			select * into v_template from window_template(']
	] loop
		v_source := pg_get_functiondef(v_change[1]::regprocedure);
		if position(v_change[2] in v_source) = 0 then
			raise exception '% is not the function that this migration changes: %', v_change[1], v_change[2];
		end if;
		execute replace(v_source, v_change[2], v_change[3]);
	end loop;
end
$$;

select secure_schema();
