#!/bin/sh
# Run by the postgres image when its volume is empty: n8n and the factory each get a database and an owner of their own.
set -eu
secret() { cat "${SECRETS_FOLDER:-/run/secrets}/$1"; }

psql --set=ON_ERROR_STOP=1 --username postgres \
	--set=n8n="$(secret n8n_database_password)" \
	--set=owner="$(secret factory_owner_password)" <<'SQL'
create role n8n login password :'n8n';
create database n8n owner n8n;
create role factory_owner login createrole password :'owner';
create database agent_factory owner factory_owner;
SQL
