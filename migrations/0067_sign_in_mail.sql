-- breaking: no
-- A mail that did not leave is told to whoever runs this, and takes none of the five an hour.

-- Rows from before say nothing of their mail: they are not asked about.
alter table sign_in_requests
	add column mail_status text not null default 'asked' constraint sign_in_requests_mail_status check (mail_status in ('asked', 'sent', 'failed')),
	add column settled_at timestamptz,
	add column error text;
comment on table sign_in_requests is
	'Who asked for a link to sign in with, and when, for a day: five an hour; and whether the mail server took the mail. The links themselves are sealed and stand nowhere.';
create index sign_in_requests_failed on sign_in_requests (tenant_id, settled_at) where mail_status = 'failed';

drop function request_sign_in(text);
create function request_sign_in(p_email text)
	returns table (tenant_id uuid, request_id uuid, tenant_name text, user_id uuid, email text, full_name text, language text)
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
			select m.tenant_id, gen_random_uuid() as id, t.name, u.id as user_id, u.email, u.full_name, lead_settings_of(t.id) ->> 'analysisLanguage' as language
			from users u
			join tenant_members m on m.user_id = u.id
			join tenants t on t.id = m.tenant_id and t.status <> 'cancelled'
			where lower(u.email) = lower(trim(p_email))
				and (select count(*) from sign_in_requests r where r.tenant_id = m.tenant_id and r.user_id = u.id
					and r.requested_at > now() - interval '1 hour' and r.mail_status <> 'failed') < 5
			order by t.name limit 20
		), noted as (
			insert into sign_in_requests (tenant_id, id, user_id) select w.tenant_id, w.id, w.user_id from wanted w
		)
		select w.tenant_id, w.id, w.name::text, w.user_id, w.email::text, w.full_name::text, w.language::text from wanted w;
end
$$;
comment on function request_sign_in(text) is
	'Door. The tenants that the holder of an e-mail address works for and may be mailed a link to, five times an hour each, mails that did not leave apart; none for a stranger.';

create function settle_sign_in_mail(p_tenant_id uuid, p_request_id uuid, p_error text) returns text
language plpgsql
set search_path from current
as $$
declare
	v_user uuid;
begin
	update sign_in_requests r
		set mail_status = case when p_error is null then 'sent' else 'failed' end, settled_at = now(), error = left(p_error, 500)
		where r.tenant_id = p_tenant_id and r.id = p_request_id and r.mail_status = 'asked'
		returning r.user_id into v_user;
	if v_user is null then
		return (select r.mail_status from sign_in_requests r where r.tenant_id = p_tenant_id and r.id = p_request_id);
	end if;
	if p_error is null then return 'sent'; end if;
	perform record_audit(p_tenant_id, 'member.sign_in_mail_failed', 'user', v_user::text,
		jsonb_build_object('request', p_request_id, 'code', substring(p_error from '\m[45]\d\d\M')));
	return 'failed';
end
$$;
comment on function settle_sign_in_mail(uuid, uuid, text) is
	'Whether the mail server took the mail with a link to sign in: no error is sent. The first word counts; answers how it stands, null for a request that is gone.';

do $$
declare
	v_source text := pg_get_functiondef('ingest_health(uuid)'::regprocedure);
	v_before constant text := 'union all select ''jobs_overdue''';
begin
	if position(v_before in v_source) = 0 then
		raise exception 'ingest_health is not the function that this migration changes';
	end if;
	-- Only what no later mail has disproved: a server that takes mails again is well.
	execute replace(v_source, v_before,
		'union all select ''sign_in_mails_failed'', count(*), min(r.settled_at) from sign_in_requests r
			where r.tenant_id = p_tenant_id and r.mail_status = ''failed'' and r.settled_at > now() - interval ''1 day''
				and not exists (select 1 from sign_in_requests s where s.tenant_id = r.tenant_id and s.mail_status = ''sent'' and s.settled_at >= r.settled_at)
		' || v_before);
end
$$;

select secure_schema();
