-- breaking: no
-- Contacts with their ledger of identities, conversations, messages.

create table contacts (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	full_name text,
	username text,
	phone text,
	language text,
	profile jsonb not null default '{}',
	opted_out_at timestamptz,
	marketing_opted_out_at timestamptz,
	merged_into_id uuid,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	primary key (tenant_id, id),
	foreign key (tenant_id, merged_into_id) references contacts (tenant_id, id)
);
comment on table contacts is 'A person of a tenant. Who it is stands in contact_identities: a phone number may be absent (usernames, BSUID).';
create index idx_contacts_recent on contacts (tenant_id, created_at desc);
create index idx_contacts_phone on contacts (tenant_id, phone) where phone is not null;
create trigger touch before update on contacts for each row execute function touch_updated_at();

create table contact_identities (
	tenant_id uuid not null,
	id bigint generated always as identity,
	contact_id uuid not null,
	kind text not null constraint contact_identities_kind_known check (kind in ('phone', 'bsuid', 'parent_bsuid', 'igsid', 'psid')),
	value text not null check (value <> ''),
	first_seen_at timestamptz not null default now(),
	last_seen_at timestamptz not null default now(),
	superseded_at timestamptz,
	primary key (tenant_id, id),
	foreign key (tenant_id, contact_id) references contacts (tenant_id, id) on delete cascade
);
comment on table contact_identities is 'Ledger: which ids a person has had. One live owner an id; superseded_at set when the person changed number or user id.';
create unique index contact_identities_live_key on contact_identities (tenant_id, kind, value) where superseded_at is null;
create index idx_contact_identities_contact on contact_identities (tenant_id, contact_id);

create table agents (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	slug text not null check (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
	name text not null,
	role text not null default 'sdr',
	status text not null default 'active' constraint agents_status_known check (status in ('active', 'paused')),
	debounce_seconds double precision not null default 4 check (debounce_seconds between 0 and 300),
	debounce_max_seconds double precision not null default 20 check (debounce_max_seconds between 0 and 600),
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	primary key (tenant_id, id),
	unique (tenant_id, slug)
);
comment on table agents is 'What a tenant''s customers talk to. The active version decides how it answers; debounce_* come from that version''s spec, in seconds.';
create trigger touch before update on agents for each row execute function touch_updated_at();
alter table channel_accounts add foreign key (tenant_id, agent_id) references agents (tenant_id, id);

create table conversations (
	tenant_id uuid not null,
	id uuid not null default gen_random_uuid(),
	contact_id uuid not null,
	channel_account_id uuid not null,
	agent_id uuid,
	status text not null default 'open' constraint conversations_status_known check (status in ('open', 'handoff', 'closed')),
	handoff_reason text,
	handoff_at timestamptz,
	assigned_user_id uuid references users (id),
	summary text,
	unread_count integer not null default 0,
	last_customer_message_at timestamptz,
	last_outbound_at timestamptz,
	last_message_at timestamptz,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	primary key (tenant_id, id),
	unique (tenant_id, channel_account_id, contact_id),
	foreign key (tenant_id, contact_id) references contacts (tenant_id, id),
	foreign key (tenant_id, channel_account_id) references channel_accounts (tenant_id, id),
	foreign key (tenant_id, agent_id) references agents (tenant_id, id),
	constraint conversations_handoff_says_why check ((status = 'handoff') = (handoff_at is not null) and (status <> 'handoff' or handoff_reason is not null))
);
comment on table conversations is 'One thread a contact and channel account. agent_id null: the channel account''s agent answers. status handoff: a person answers, no turn is queued. last_customer_message_at is Meta''s time of the message: the 24-hour window runs from it.';
create index idx_conversations_recent on conversations (tenant_id, last_message_at desc nulls last);
create index idx_conversations_status on conversations (tenant_id, status, last_message_at desc nulls last);
create index idx_conversations_contact on conversations (tenant_id, contact_id);
create trigger touch before update on conversations for each row execute function touch_updated_at();

create table messages (
	tenant_id uuid not null,
	id bigint generated always as identity,
	conversation_id uuid not null,
	contact_id uuid not null,
	channel_account_id uuid not null,
	direction text not null constraint messages_direction_known check (direction in ('inbound', 'outbound')),
	author text not null constraint messages_author_known check (author in ('contact', 'agent', 'human', 'system')),
	kind text not null default 'text',
	body text not null default '',
	payload jsonb not null default '{}',
	provider_message_id text,
	target_provider_id text,
	status text not null constraint messages_status_known
		check (status in ('received', 'pending', 'sent', 'delivered', 'read', 'played', 'failed', 'unknown', 'blocked', 'superseded')),
	status_at timestamptz not null default now(),
	error_code integer,
	turn_id bigint,
	outbox_id uuid,
	provider_timestamp timestamptz,
	edited_at timestamptz,
	revoked_at timestamptz,
	created_at timestamptz not null default now(),
	primary key (tenant_id, id),
	foreign key (tenant_id, conversation_id) references conversations (tenant_id, id) on delete cascade,
	constraint messages_direction_fits_status check ((direction = 'inbound') = (status = 'received'))
);
comment on table messages is 'The one record of what was said, both ways. Status of outbound rows moves forward only.';
create unique index messages_provider_key on messages (tenant_id, channel_account_id, provider_message_id) where provider_message_id is not null;
create index idx_messages_conversation on messages (tenant_id, conversation_id, id desc);
create index idx_messages_outbox on messages (tenant_id, outbox_id) where outbox_id is not null;
create index idx_messages_turn on messages (tenant_id, turn_id) where turn_id is not null;

create view communications with (security_invoker = true) as
	select m.id, m.tenant_id, m.contact_id as lead_id, m.conversation_id, ca.kind as channel, m.direction, m.author, m.kind as type, m.body as content,
		m.status, m.provider_message_id as external_id, m.created_at
	from messages m
	join channel_accounts ca on ca.tenant_id = m.tenant_id and ca.id = m.channel_account_id;
comment on view communications is 'The seeds'' table as a view of messages (idx_communications_org_lead_created stands on messages).';

create view ai_conversations with (security_invoker = true) as
	select c.id, c.tenant_id, c.contact_id as lead_id, c.id as session_id,
		coalesce((
			select jsonb_agg(jsonb_build_object('role', case when m.direction = 'inbound' then 'user' else 'assistant' end, 'content', m.body) order by m.id)
			from messages m where m.tenant_id = c.tenant_id and m.conversation_id = c.id
		), '[]') as messages,
		null::integer as qualification_score,
		c.status = 'handoff' as handoff_triggered, c.handoff_reason, c.created_at, c.updated_at
	from conversations c;
comment on view ai_conversations is 'The seeds'' table as a view of conversations and messages; qualification_score comes with the lead classifier.';

create function merge_contacts(p_tenant_id uuid, p_keep uuid, p_merge uuid) returns void
language plpgsql
set search_path from current
as $$
declare
	v_conversation record;
	v_target uuid;
begin
	if p_keep = p_merge then
		return;
	end if;
	perform 1 from contacts where tenant_id = p_tenant_id and id in (p_keep, p_merge) order by id for update;
	update contact_identities set contact_id = p_keep where tenant_id = p_tenant_id and contact_id = p_merge;
	update contacts k set
			full_name = coalesce(k.full_name, m.full_name), username = coalesce(k.username, m.username), phone = coalesce(k.phone, m.phone),
			opted_out_at = coalesce(k.opted_out_at, m.opted_out_at), marketing_opted_out_at = coalesce(k.marketing_opted_out_at, m.marketing_opted_out_at)
		from contacts m where k.tenant_id = p_tenant_id and k.id = p_keep and m.tenant_id = p_tenant_id and m.id = p_merge;
	update contacts set merged_into_id = p_keep where tenant_id = p_tenant_id and id = p_merge;
	if not found then
		raise exception 'contact % does not exist', p_merge using errcode = 'ZF004';
	end if;

	for v_conversation in select id, channel_account_id from conversations where tenant_id = p_tenant_id and contact_id = p_merge order by id for update loop
		select id into v_target from conversations
			where tenant_id = p_tenant_id and contact_id = p_keep and channel_account_id = v_conversation.channel_account_id;
		if v_target is null then
			update conversations set contact_id = p_keep where tenant_id = p_tenant_id and id = v_conversation.id;
			update messages set contact_id = p_keep where tenant_id = p_tenant_id and conversation_id = v_conversation.id;
		else
			perform merge_conversations(p_tenant_id, v_target, v_conversation.id);
		end if;
	end loop;
	perform record_audit(p_tenant_id, 'contact.merged', 'contact', p_keep::text, jsonb_build_object('merged', p_merge));
end
$$;
comment on function merge_contacts(uuid, uuid, uuid) is 'Folds one contact into another: identities, conversations, opt-outs. The folded row stays and points to the kept one.';

select secure_schema();
