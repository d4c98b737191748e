-- breaking: no
-- What a turn looks back on: replies stand behind what they answered, and what came in later is left to the next turn.

create or replace function load_turn_context(p_tenant_id uuid, p_turn_id bigint, p_history_limit integer) returns jsonb
language sql stable
set search_path from current
as $$
	with head as (
		select q.conversation_id, array_agg(q2.message_id) as message_ids, max(q2.message_id) as newest
		from message_queue q
		join message_queue q2 on q2.tenant_id = q.tenant_id and q2.conversation_id = q.conversation_id and q2.turn_id = q.id and q2.status = 'locked'
			and q2.finished_at is null
		where q.tenant_id = p_tenant_id and q.id = p_turn_id
		group by q.conversation_id
	)
	select jsonb_build_object(
		'tenant', jsonb_build_object('id', t.id, 'slug', t.slug, 'name', t.name, 'timezone', t.timezone, 'maxAutoResponsesPerDay', t.max_auto_responses_per_day,
			'autoResponsesToday', coalesce((select u.value from usage_counters u
				where u.tenant_id = t.id and u.metric = 'auto_responses' and u.period_start = (now() at time zone t.timezone)::date), 0)),
		'conversation', jsonb_build_object('id', c.id, 'status', c.status, 'summary', c.summary),
		'contact', jsonb_build_object('name', k.full_name, 'optedOut', k.opted_out_at is not null),
		'channel', jsonb_build_object('kind', ca.kind),
		'agent', jsonb_build_object('id', a.id, 'status', a.status),
		'agentVersionId', av.id, 'bundleSha256', av.bundle_sha256, 'systemPromptId', sp.id, 'personaId', tp.id,
		'incoming', (
			select jsonb_agg(jsonb_build_object('role', 'contact', 'text', m.body, 'at', coalesce(m.provider_timestamp, m.created_at), 'messageId', m.id::text, 'type', m.kind) order by m.id)
			from messages m where m.tenant_id = p_tenant_id and m.id = any (head.message_ids)),
		'history', coalesce((
			select jsonb_agg(jsonb_build_object('role', case h.author when 'contact' then 'contact' when 'human' then 'human' else 'agent' end, 'text', h.body,
				'at', coalesce(h.provider_timestamp, h.created_at)) order by h.place, h.direction = 'outbound', h.id)
			from (
				select m.*, coalesce(tu.message_ids[cardinality(tu.message_ids)], m.id) as place from messages m
				-- A reply stands behind the messages it answers, however late it was written.
				left join turns tu on m.direction = 'outbound' and tu.tenant_id = m.tenant_id and tu.id = m.turn_id
				where m.tenant_id = p_tenant_id and m.conversation_id = c.id and not (m.id = any (head.message_ids)) and m.body <> '' and m.revoked_at is null
					and m.kind <> 'reaction' and m.status not in ('superseded', 'blocked', 'failed')
					-- What came in after this turn was taken is for the next one.
					and (m.direction = 'outbound' or m.id < head.newest)
				order by m.id desc limit p_history_limit
			) h), '[]')
	)
	from head
	join tenants t on t.id = p_tenant_id
	join conversations c on c.tenant_id = p_tenant_id and c.id = head.conversation_id
	join contacts k on k.tenant_id = p_tenant_id and k.id = c.contact_id
	join channel_accounts ca on ca.tenant_id = p_tenant_id and ca.id = c.channel_account_id
	left join agents a on a.tenant_id = p_tenant_id and a.id = coalesce(c.agent_id, ca.agent_id)
	left join agent_versions av on av.tenant_id = p_tenant_id and av.agent_id = a.id and av.is_active
	left join system_prompts sp on sp.tenant_id = p_tenant_id and sp.agent_version_id = av.id and sp.is_active
	left join tenant_personas tp on tp.tenant_id = p_tenant_id and tp.is_active
$$;
comment on function load_turn_context(uuid, bigint, integer) is
	'Everything a turn may look at, in one round trip: TurnContext of core/agents plus the ids of the versions that answer now. Null when the turn is not leased.';

select secure_schema();
