-- breaking: no
-- How old the running summary of a conversation is, in messages: the model is told.

alter table conversations add column summary_message_id bigint;
comment on column conversations.summary_message_id is 'The newest message when the summary was last written; null: not known.';

create function mark_summary() returns trigger
language plpgsql
set search_path from current
as $$
begin
	new.summary_message_id := case when new.summary is not null then (
		select max(m.id) from messages m where m.tenant_id = new.tenant_id and m.conversation_id = new.id) end;
	return new;
end
$$;
comment on function mark_summary() is 'Trigger: a summary that changes is as new as the newest message.';
create trigger mark_summary before update of summary on conversations
	for each row when (new.summary is distinct from old.summary) execute function mark_summary();

do $$
declare
	v_source text := pg_get_functiondef('load_turn_context(uuid, bigint, integer)'::regprocedure);
	v_old text := '''summary'', c.summary)';
	v_new text := '''summary'', c.summary, ''messagesSinceSummary'', case when c.summary is not null and c.summary_message_id is not null then (
			select count(*) from (select 1 from messages s where s.tenant_id = p_tenant_id and s.conversation_id = c.id and s.id > c.summary_message_id
				and not (s.id = any (head.message_ids)) limit 200) since) end)';
begin
	if position(v_old in v_source) = 0 then
		raise exception 'load_turn_context is not the function that this migration changes';
	end if;
	execute replace(v_source, v_old, v_new);
end
$$;

select secure_schema();
