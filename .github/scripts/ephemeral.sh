#!/usr/bin/env bash
# Brings an ephemeral stack up, or takes it away with everything in it.
# usage: ephemeral.sh up|down <stack>
# Its settings are dev's, without the list of environments: the stack's own name is its environment.
# Environment: PULUMI_SECRETS_PROVIDER.
set -euo pipefail
verb=$1
stack=$2
case "$stack" in
  pr-[0-9]*) ;;
  *)
    echo "'$stack' is not an ephemeral stack; they are named pr-<number>" >&2
    exit 1
    ;;
esac

cp Pulumi.dev.yaml "Pulumi.$stack.yaml"
case "$verb" in
  up)
    npx pulumi stack select --create --secrets-provider "$PULUMI_SECRETS_PROVIDER" "$stack"
    npx pulumi config rm --stack "$stack" portal-db:environments
    npx pulumi up --stack "$stack" --yes --skip-preview --policy-pack policy --policy-pack-config policy/exceptions.json
    ;;
  down)
    if ! npx pulumi stack select "$stack" 2>/dev/null; then
      echo "there is no stack $stack"
      exit 0
    fi
    npx pulumi destroy --stack "$stack" --yes --skip-preview
    npx pulumi stack rm --stack "$stack" --yes
    ;;
  *)
    echo "usage: ephemeral.sh up|down <stack>" >&2
    exit 1
    ;;
esac
