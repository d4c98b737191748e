-- breaking: no
-- Members come back to their pages by a mailed link that works once.

create table sign_in_requests (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	user_id uuid not null,
	requested_at timestamptz not null default now(),
	primary key (tenant_id, id),
	foreign key (tenant_id, user_id) references tenant_members (tenant_id, user_id) on delete cascade
);
comment on table sign_in_requests is 'Who asked for a link to sign in with, and when, for a day: five an hour. The links themselves are sealed and stand nowhere.';
create index sign_in_requests_recent on sign_in_requests (tenant_id, user_id, requested_at);

create function request_sign_in(p_email text) returns table (tenant_id uuid, tenant_name text, user_id uuid, email text, full_name text, language text)
language plpgsql
security definer
set search_path from current
as $$
#variable_conflict use_column
begin
	-- One person's presses count one after the other.
	perform 1 from users u where lower(u.email) = lower(trim(p_email)) for update;
	delete from sign_in_requests r using users u where u.id = r.user_id and lower(u.email) = lower(trim(p_email)) and r.requested_at < now() - interval '1 day';
	return query
		with wanted as (
			select m.tenant_id, t.name, u.id as user_id, u.email, u.full_name, lead_settings_of(t.id) ->> 'analysisLanguage' as language
			from users u
			join tenant_members m on m.user_id = u.id
			join tenants t on t.id = m.tenant_id and t.status <> 'cancelled'
			where lower(u.email) = lower(trim(p_email))
				and (select count(*) from sign_in_requests r where r.tenant_id = m.tenant_id and r.user_id = u.id and r.requested_at > now() - interval '1 hour') < 5
			order by t.name limit 20
		), noted as (
			insert into sign_in_requests (tenant_id, user_id) select w.tenant_id, w.user_id from wanted w
		)
		select w.tenant_id, w.name::text, w.user_id, w.email::text, w.full_name::text, w.language::text from wanted w;
end
$$;
comment on function request_sign_in(text) is 'Door. The tenants that the holder of an e-mail address works for and may be mailed a link to, five times an hour each; none for a stranger.';

create function page_member(p_tenant_id uuid, p_user_id uuid) returns table (user_id uuid, name text, email text, role text, tenant_name text, timezone text, language text)
language sql stable
set search_path from current
as $$
	select u.id, coalesce(nullif(trim(u.full_name), ''), u.email)::text, u.email::text, m.role, t.name::text, t.timezone, lead_settings_of(t.id) ->> 'analysisLanguage'
	from tenant_members m
	join users u on u.id = m.user_id
	join tenants t on t.id = m.tenant_id and t.status <> 'cancelled'
	where m.tenant_id = p_tenant_id and m.user_id = p_user_id
$$;
comment on function page_member(uuid, uuid) is 'Who looks at a page, as they stand today: nothing for somebody who works here no longer.';

select secure_schema();
