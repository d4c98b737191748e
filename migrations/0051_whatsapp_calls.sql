-- breaking: no
-- A call over WhatsApp is filed with what Meta said of it: its direction and its seconds stand in the payload, which the filing did not get.
do $$
declare
	v_source text := pg_get_functiondef('ingest_events(jsonb)'::regprocedure);
	v_old text := 'case when k.kind = ''template'' then k.body';
begin
	if position(v_old in v_source) = 0 then
		raise exception 'ingest_events is not the function that this migration changes';
	end if;
	execute replace(v_source, v_old, 'case when k.kind in (''template'', ''call'') then k.body');
end
$$;

select secure_schema();
