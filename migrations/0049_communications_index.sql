-- breaking: no
-- transaction: none
-- What was said with a person over all channels, newest first: an index that the seeds name.

create index concurrently idx_communications_org_lead_created on messages (tenant_id, contact_id, created_at desc);
