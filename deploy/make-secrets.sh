#!/bin/sh
# Makes the passwords and keys that are missing in secrets/; what is there already is kept. Asks for Meta's two.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
# The containers read these files as other users; the folder keeps everybody else out.
make() { [ -s "secrets/$1" ] || printf %s "$2" > "secrets/$1"; chmod 644 "secrets/$1"; }
random() { openssl rand -hex 24; }

for name in postgres_password n8n_database_password n8n_encryption_key factory_owner_password factory_app_password; do
	make "$name" "$(random)"
done
make factory_app_url "postgres://agent_factory_app:$(cat secrets/factory_app_password)@postgres:5432/agent_factory"
make vault_key "$(openssl rand -base64 32)"
make meta_verify_token "$(random)"
if [ ! -s secrets/meta_app_secrets ]; then
	printf 'App secret (Meta for Developers > your app > Settings > Basic): '
	read -r secret
	make meta_app_secrets "$secret"
fi
echo "secrets/ is complete. Copy n8n_encryption_key and vault_key to a safe place of their own: backups are useless without them."
