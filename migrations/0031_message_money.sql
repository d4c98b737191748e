-- breaking: no
-- What messages cost, and what stops those that we start: a monthly cap in money, and a breaker for a day out of proportion.

alter table tenants add column max_message_spend_usd numeric(12,2) constraint tenants_message_spend_positive check (max_message_spend_usd >= 0);
comment on column tenants.max_message_spend_usd is 'US dollars of messages a month (tenant''s time zone) after which nothing that we start goes out; answers do. Null: no cap.';

create table message_prices (
	tenant_id uuid not null references tenants (id) on delete cascade,
	category text not null constraint message_prices_category_known check (category in ('MARKETING', 'UTILITY', 'AUTHENTICATION', 'SERVICE')),
	country_prefix text not null constraint message_prices_prefix_digits check (country_prefix ~ '^[0-9]{1,7}$'),
	valid_from date not null,
	country text constraint message_prices_country_two_letters check (country ~ '^[A-Z]{2}$'),
	currency text not null default 'USD' constraint message_prices_currency_code check (currency ~ '^[A-Z]{3}$'),
	price numeric(12,6) not null check (price >= 0),
	usd_per_unit numeric(14,8) not null default 1 check (usd_per_unit > 0),
	source text not null check (length(source) between 1 and 500),
	is_example boolean not null default false,
	created_at timestamptz not null default now(),
	primary key (tenant_id, category, country_prefix, valid_from),
	constraint message_prices_dollar_is_one check (currency <> 'USD' or usd_per_unit = 1)
);
comment on table message_prices is 'What one delivered message costs, by the prefix of the recipient''s number (country for people without one). Rates are data: the newest valid one of the longest prefix counts; source says where it is from, is_example that nobody checked it.';

create table message_costs (
	tenant_id uuid not null references tenants (id) on delete cascade,
	month date not null,
	channel_account_id uuid not null,
	category text not null,
	basis text not null constraint message_costs_basis_known check (basis in ('price_list', 'example_price', 'no_price', 'free_entry_point', 'free_tier', 'free_service', 'not_billed', 'not_delivered')),
	messages integer not null default 0,
	cost_usd numeric(14,6) not null default 0,
	primary key (tenant_id, month, channel_account_id, category, basis)
);
comment on table message_costs is 'Messages that left and their cost, by month, number, category and why they cost that. no_price: of unknown cost, counted and not summed. It outlives the messages.';

create view message_usage with (security_invoker = true) as
	select c.tenant_id, c.month, c.channel_account_id, ca.display_name, ca.kind as channel, c.category, sum(c.messages) filter (where c.basis <> 'not_delivered') as messages,
		sum(c.messages) filter (where c.basis in ('price_list', 'example_price')) as charged, sum(c.messages) filter (where c.basis = 'no_price') as unknown_cost,
		sum(c.messages) filter (where c.basis = 'example_price') as by_example_price, sum(c.messages) filter (where c.basis = 'not_delivered') as not_delivered,
		sum(c.cost_usd) as cost_usd, max(t.max_message_spend_usd) as cap_usd
	from message_costs c join tenants t on t.id = c.tenant_id left join channel_accounts ca on ca.tenant_id = c.tenant_id and ca.id = c.channel_account_id
	group by c.tenant_id, c.month, c.channel_account_id, ca.display_name, ca.kind, c.category;
comment on view message_usage is 'What a month of messages cost by number and category; unknown_cost are messages to places that the price list does not name.';

alter table outbox_messages
	add column cost_usd numeric(12,6),
	add column cost_basis text;
comment on column outbox_messages.cost_usd is 'What it cost, null while it has not left or where no price is known; cost_basis says why.';

create function seed_message_prices(p_tenant_id uuid) returns integer
language sql
set search_path from current
as $$
	with seeded as (
		insert into message_prices (tenant_id, category, country_prefix, country, valid_from, price, source, is_example)
			select p_tenant_id, s.category, '55', 'BR', '2026-01-01', s.price, 'talkall.com.br, table of January 2026; compare with your rate card at Meta', true
			from (values ('MARKETING', 0.0625), ('UTILITY', 0.0068), ('AUTHENTICATION', 0.0068)) s(category, price)
			on conflict do nothing
			returning 1
	)
	select count(*)::integer from seeded
$$;
comment on function seed_message_prices(uuid) is 'Three example prices of Brazil, each once; what service messages cost is not among them. Returns how many were new.';

create function seed_tenant_prices() returns trigger
language plpgsql
set search_path from current
as $$
begin
	perform seed_message_prices(new.id);
	return null;
end
$$;
comment on function seed_tenant_prices() is 'Trigger: a new tenant begins with example prices.';
create trigger seed_tenant_prices after insert on tenants for each row execute function seed_tenant_prices();
select seed_message_prices(id) from tenants;

create function save_message_prices(p_tenant_id uuid, p_prices jsonb) returns integer
language plpgsql
set search_path from current
as $$
declare
	v_saved integer;
begin
	insert into message_prices as m (tenant_id, category, country_prefix, valid_from, country, currency, price, usd_per_unit, source, is_example)
		select distinct on (p.category, p."countryPrefix", p."validFrom") p_tenant_id, p.category, p."countryPrefix", p."validFrom", p.country, coalesce(p.currency, 'USD'),
			p.price, coalesce(p."usdPerUnit", 1), p.source, false
		from jsonb_to_recordset(p_prices) p(category text, "countryPrefix" text, "validFrom" date, country text, currency text, price numeric, "usdPerUnit" numeric, source text)
		order by p.category, p."countryPrefix", p."validFrom"
		on conflict (tenant_id, category, country_prefix, valid_from) do update set country = excluded.country, currency = excluded.currency, price = excluded.price,
			usd_per_unit = excluded.usd_per_unit, source = excluded.source, is_example = false;
	get diagnostics v_saved = row_count;
	perform record_audit(p_tenant_id, 'prices.imported', 'tenant', p_tenant_id::text, jsonb_build_object('rows', v_saved));
	return v_saved;
end
$$;
comment on function save_message_prices(uuid, jsonb) is 'Writes prices of a list; one of the same category, prefix and day is replaced.';

create function price_of_send(p_row outbox_messages, p_at timestamptz) returns table (cost_usd numeric, basis text, month date)
language plpgsql stable
set search_path from current
as $$
#variable_conflict use_column
declare
	v_month date;
	v_place record;
begin
	select date_trunc('month', p_at at time zone t.timezone)::date into v_month from tenants t where t.id = p_row.tenant_id;
	select ca.kind, c.ad_window_until,
			(select i.value from contact_identities i where i.tenant_id = p_row.tenant_id and i.contact_id = p_row.contact_id and i.kind = 'phone' and i.superseded_at is null order by i.id desc limit 1) as phone,
			(select left(i.value, 2) from contact_identities i where i.tenant_id = p_row.tenant_id and i.contact_id = p_row.contact_id and i.kind = 'bsuid' and i.superseded_at is null order by i.id desc limit 1) as country
		into v_place
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
		return query select p.price * p.usd_per_unit, case when p.is_example then 'example_price' else 'price_list' end, v_month
			from message_prices p
			where p.tenant_id = p_row.tenant_id and p.category = p_row.message_category and p.valid_from <= p_at::date
				and case when v_place.phone is not null then v_place.phone like p.country_prefix || '%' else p.country = v_place.country end
			order by length(p.country_prefix) desc, p.valid_from desc limit 1;
		if not found then
			return query select null::numeric, 'no_price', v_month;
		end if;
	end if;
end
$$;
comment on function price_of_send(outbox_messages, timestamptz) is 'What a message costs that leaves at a time, and why; null where the price list names no such place.';

create function count_cost() returns trigger
language plpgsql
set search_path from current
as $$
declare
	v_was text := old.cost_basis;
	v_month date;
begin
	if new.status = 'failed' then
		-- Meta bills what was delivered.
		new.cost_usd := 0;
		new.cost_basis := 'not_delivered';
		select date_trunc('month', coalesce(old.sent_at, now()) at time zone t.timezone)::date into v_month from tenants t where t.id = new.tenant_id;
		update message_costs c set messages = c.messages - 1, cost_usd = c.cost_usd - coalesce(old.cost_usd, 0)
			where c.tenant_id = new.tenant_id and c.month = v_month and c.channel_account_id = new.channel_account_id and c.category = new.message_category and c.basis = v_was;
	else
		select p.cost_usd, p.basis, p.month into new.cost_usd, new.cost_basis, v_month from price_of_send(new, coalesce(new.sent_at, now())) p;
		update message_costs c set messages = c.messages - 1
			where v_was = 'not_delivered' and c.tenant_id = new.tenant_id and c.month = v_month and c.channel_account_id = new.channel_account_id
				and c.category = new.message_category and c.basis = v_was;
		if new.author = 'system' and old.sent_at is null then
			perform count_usage(new.tenant_id, 'proactive_messages', 1);
		end if;
	end if;
	insert into message_costs as c (tenant_id, month, channel_account_id, category, basis, messages, cost_usd)
		values (new.tenant_id, v_month, new.channel_account_id, new.message_category, new.cost_basis, 1, coalesce(new.cost_usd, 0))
		on conflict (tenant_id, month, channel_account_id, category, basis) do update set messages = c.messages + 1, cost_usd = c.cost_usd + excluded.cost_usd;
	return new;
end
$$;
comment on function count_cost() is 'Trigger: a message left and costs; one that then failed does not.';
create trigger count_cost before update on outbox_messages for each row
	when (new.message_category is not null and ((old.cost_basis is null and old.sent_at is null and new.sent_at is not null)
		or (old.cost_basis is not null and old.cost_basis <> 'not_delivered' and new.status = 'failed' and old.status <> 'failed')
		or (old.cost_basis = 'not_delivered' and old.status = 'failed' and new.status in ('sent', 'delivered', 'read'))))
	execute function count_cost();

create function proactive_refusal(p_row outbox_messages) returns text
language plpgsql
set search_path from current
as $$
declare
	v_tenant record;
	v_settings sending_settings;
	v_today date;
	v_month date;
	v_sent bigint;
	v_peak bigint;
	v_allowed bigint;
begin
	-- A comment's private answer is an answer.
	if p_row.author <> 'system' or p_row.whatsapp_payload ? 'privateReply' then
		return null;
	end if;
	select t.max_message_spend_usd as cap, (now() at time zone t.timezone)::date as today into v_tenant from tenants t where t.id = p_row.tenant_id;
	select * into v_settings from sending_settings s where s.tenant_id = p_row.tenant_id;
	v_today := v_tenant.today;
	if v_settings.proactive_stopped_at is not null then
		return 'proactive_breaker_open';
	end if;

	if v_tenant.cap is not null then
		v_month := date_trunc('month', v_today)::date;
		if (select coalesce(sum(c.cost_usd), 0) from message_costs c where c.tenant_id = p_row.tenant_id and c.month = v_month) >= v_tenant.cap then
			insert into usage_counters (tenant_id, metric, period_start, value) values (p_row.tenant_id, 'message_spend_told', v_month, 1) on conflict do nothing;
			if found then
				perform record_audit(p_row.tenant_id, 'plan.message_spend', 'tenant', p_row.tenant_id::text, jsonb_build_object('capUsd', v_tenant.cap, 'month', v_month));
				perform notify_tenant(p_row.tenant_id, 'plan.message_spend', v_month::text, jsonb_build_object('tenantId', p_row.tenant_id, 'capUsd', v_tenant.cap, 'month', v_month));
			end if;
			return 'message_spend_limit';
		end if;
	end if;

	-- A person who closed the breaker today has seen today's volume.
	if v_settings.proactive_closed_on is distinct from v_today then
		select coalesce(sum(u.value) filter (where u.period_start = v_today), 0), coalesce(max(u.value) filter (where u.period_start < v_today), 0) into v_sent, v_peak
			from usage_counters u where u.tenant_id = p_row.tenant_id and u.metric = 'proactive_messages' and u.period_start between v_today - 30 and v_today;
		v_allowed := greatest(floor(v_peak * coalesce(v_settings.proactive_times_peak, 3)), coalesce(v_settings.proactive_floor, 50));
		if v_sent >= v_allowed then
			insert into sending_settings as s (tenant_id, proactive_stopped_at, proactive_stop)
				values (p_row.tenant_id, now(), jsonb_build_object('sent', v_sent, 'peak', v_peak, 'allowed', v_allowed))
				on conflict (tenant_id) do update set proactive_stopped_at = excluded.proactive_stopped_at, proactive_stop = excluded.proactive_stop
					where s.proactive_stopped_at is null;
			if found then
				perform record_audit(p_row.tenant_id, 'proactive.breaker_opened', 'tenant', p_row.tenant_id::text, jsonb_build_object('sent', v_sent, 'peak', v_peak, 'allowed', v_allowed));
				perform notify_tenant(p_row.tenant_id, 'proactive.breaker_opened', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
					jsonb_build_object('tenantId', p_row.tenant_id, 'sent', v_sent, 'peak', v_peak, 'allowed', v_allowed));
			end if;
			return 'proactive_breaker_open';
		end if;
	end if;
	return null;
end
$$;
comment on function proactive_refusal(outbox_messages) is 'Why something that we start may not leave now: the breaker, the month''s cap, a day beyond three times the peak of 30 days. Null for answers, always.';

create function close_proactive_breaker(p_tenant_id uuid, p_send_blocked boolean) returns jsonb
language plpgsql
set search_path from current
as $$
declare
	v_closed boolean;
	v_sent integer := 0;
	v_row record;
begin
	update sending_settings s set proactive_stopped_at = null, proactive_stop = null, proactive_closed_on = (now() at time zone t.timezone)::date
		from tenants t where s.tenant_id = p_tenant_id and t.id = p_tenant_id and s.proactive_stopped_at is not null;
	v_closed := found;
	if v_closed then
		perform record_audit(p_tenant_id, 'proactive.breaker_closed', 'tenant', p_tenant_id::text, '{}');
	end if;
	if p_send_blocked then
		for v_row in
			select o.id, o.conversation_id from outbox_messages o
			where o.tenant_id = p_tenant_id and o.status = 'blocked' and o.error_message in ('proactive_breaker_open', 'message_spend_limit') and o.created_at > now() - interval '24 hours'
			order by o.conversation_id, o.seq limit 1000
		loop
			perform lock_outbox_lane(p_tenant_id, v_row.conversation_id);
			update outbox_messages set status = 'pending', error_message = null where tenant_id = p_tenant_id and id = v_row.id and status = 'blocked';
			update messages set status = 'pending', status_at = now() where tenant_id = p_tenant_id and outbox_id = v_row.id;
			perform next_in_lane(p_tenant_id, v_row.conversation_id);
			v_sent := v_sent + 1;
		end loop;
	end if;
	return jsonb_build_object('closed', v_closed, 'queuedAgain', v_sent);
end
$$;
comment on function close_proactive_breaker(uuid, boolean) is 'A person lets go on what we start; until midnight today''s volume is not judged again. What was stopped in the last 24 hours may be queued again, 1000 at a time.';

-- Texts that others extend too: what is there is kept.
do $$
declare
	v_source text;
	v_new constant text := 'proactive.breaker_opened,plan.message_spend';
begin
	v_source := pg_get_functiondef('claim_outbox(text, integer, integer, integer)'::regprocedure);
	if position('consent_refusal(v_row, v_contact, v_template);' in v_source) = 0 then
		raise exception 'claim_outbox is not the function that this migration changes';
	end if;
	execute replace(v_source, 'consent_refusal(v_row, v_contact, v_template);', 'coalesce(consent_refusal(v_row, v_contact, v_template), proactive_refusal(v_row));');

	select pg_get_constraintdef(c.oid) into v_source from pg_constraint c
		where c.conname = 'notification_endpoints_events_known' and c.conrelid = 'notification_endpoints'::regclass;
	if position('''endpoint.disabled''::text' in v_source) = 0 then
		raise exception 'notification_endpoints_events_known is not the constraint that this migration changes';
	end if;
	alter table notification_endpoints drop constraint notification_endpoints_events_known;
	execute 'alter table notification_endpoints add constraint notification_endpoints_events_known '
		|| replace(v_source, '''endpoint.disabled''::text', '''endpoint.disabled''::text, ''proactive.breaker_opened''::text, ''plan.message_spend''::text');
	select pg_get_expr(d.adbin, d.adrelid) into v_source from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
		where d.adrelid = 'notification_endpoints'::regclass and a.attname = 'event_types';
	execute 'alter table notification_endpoints alter column event_types set default ' || replace(v_source, '}''', ',' || v_new || '}''');
	update notification_endpoints set event_types = event_types || string_to_array(v_new, ',') where 'channel.trouble' = any (event_types);
end
$$;

select secure_schema();
