#!/usr/bin/env bash
# Brings an ephemeral stack up, or takes it away with everything in it.
# usage: ephemeral.sh up|down <stack>
# Its settings are dev's, without the list of environments (the stack's own name is its environment) and without dev's key.
# Environment: PULUMI_SECRETS_PROVIDER, for up.
set -euo pipefail
verb=$1
stack=$2
if [[ ! "$stack" =~ ^pr-[0-9]+$ ]]; then
  echo "'$stack' is not an ephemeral stack; they are named pr-<number>" >&2
  exit 1
fi

sed -e '/^secretsprovider:/d' -e '/^encryptedkey:/d' Pulumi.dev.yaml >"Pulumi.$stack.yaml"
# A stack that exists has its key in its state alone: its file is made anew each time.
export PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER=true
case "$verb" in
  up)
    npx pulumi stack select --create --secrets-provider "$PULUMI_SECRETS_PROVIDER" "$stack"
    npx pulumi config rm --stack "$stack" portal-db:environments
    npx pulumi up --stack "$stack" --yes --skip-preview --policy-pack policy --policy-pack-config policy/exceptions.json
    ;;
  down)
    npx pulumi destroy --stack "$stack" --yes --skip-preview
    npx pulumi stack rm --stack "$stack" --yes
    ;;
  *)
    echo "usage: ephemeral.sh up|down <stack>" >&2
    exit 1
    ;;
esac
