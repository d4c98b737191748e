-- breaking: no
-- A connected chat model may not tell how many tokens it took: unknown is null, as it is for the cost.

alter table llm_usage
	alter column input_tokens drop not null, alter column input_tokens drop default,
	alter column cached_input_tokens drop not null, alter column cached_input_tokens drop default,
	alter column output_tokens drop not null, alter column output_tokens drop default;
comment on table llm_usage is 'One row a model call, failed ones included: tokens (null where the provider told none), latency in ms, cost in US dollars by the price table (null where the model is not in it, or its tokens are not known).';

do $$
declare
	v_source text := pg_get_functiondef('record_llm_usage(uuid, bigint, uuid, uuid, text, jsonb)'::regprocedure);
	v_change text[];
begin
	foreach v_change slice 1 in array array[
		['coalesce("inputTokens", 0)', '"inputTokens"'],
		['coalesce("cachedInputTokens", 0)', '"cachedInputTokens"'],
		['coalesce("outputTokens", 0)', '"outputTokens"']
	] loop
		if strpos(v_source, v_change[1]) = 0 then
			raise exception 'record_llm_usage does not hold: %', v_change[1];
		end if;
		v_source := replace(v_source, v_change[1], v_change[2]);
	end loop;
	execute v_source;
end $$;
comment on function record_llm_usage(uuid, bigint, uuid, uuid, text, jsonb) is 'Stores the LlmUsage objects of core/llm and counts their tokens; a call whose tokens are not known counts none.';

select secure_schema();
