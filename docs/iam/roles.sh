#!/usr/bin/env bash
# Makes the roles of roles.json with their policies, or brings them up to date.
# usage: roles.sh <NAME=value>…   with ACCOUNT_ID, ORGANIZATION, STATE_BUCKET, BASTION_INSTANCE_ID, BASTION_SUBNET_ID, VPC_ID
# Typed by an administrator of the account. The state's keys are found by their aliases, portal-db-state-<stack>.
# A policy that a role no longer has is not detached: the command says so, and ends with status 1.
set -euo pipefail
folder=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
fill=()
account=
for pair in "$@"; do
  if [[ ! "$pair" =~ ^[A-Z_]+=[A-Za-z0-9._-]+$ ]]; then
    echo "'$pair' is not NAME=value, such as ACCOUNT_ID=123456789012" >&2
    exit 1
  fi
  fill+=(-e "s/${pair%%=*}/${pair#*=}/g")
  if [ "${pair%%=*}" = ACCOUNT_ID ]; then account=${pair#*=}; fi
done
for stack in prod dev ephemeral; do
  id=$(aws kms describe-key --key-id "alias/portal-db-state-$stack" --query KeyMetadata.KeyId --output text)
  fill+=(-e "s/STATE_KEY_${stack^^}/$id/g")
done

# filled <file>: the document with the account's own values
filled() {
  local out
  out="$work/$(basename "$(dirname "$1")")-$(basename "$1")"
  sed "${fill[@]}" "$1" >"$out"
  if grep -oE '\b[A-Z]+_[A-Z_]+\b' "$out" >&2; then
    echo "$1 still has these names in it: give each its value" >&2
    return 1
  fi
  echo "file://$out"
}

for policy in $(jq -r '[.[][]] | unique[]' "$folder/roles.json"); do
  document=$(filled "$folder/permissions/$policy.json")
  arn="arn:aws:iam::$account:policy/portal-db-github-$policy"
  if aws iam get-policy --policy-arn "$arn" >/dev/null 2>&1; then
    for old in $(aws iam list-policy-versions --policy-arn "$arn" --query 'Versions[?!IsDefaultVersion].VersionId' --output text); do
      aws iam delete-policy-version --policy-arn "$arn" --version-id "$old"
    done
    aws iam create-policy-version --policy-arn "$arn" --policy-document "$document" --set-as-default >/dev/null
  else
    aws iam create-policy --policy-name "portal-db-github-$policy" --policy-document "$document" >/dev/null
  fi
done

strangers=0
for role in $(jq -r 'keys[]' "$folder/roles.json"); do
  name="portal-db-github-$role"
  trust=$(filled "$folder/trust/$role.json")
  if aws iam get-role --role-name "$name" >/dev/null 2>&1; then
    aws iam update-assume-role-policy --role-name "$name" --policy-document "$trust"
  else
    aws iam create-role --role-name "$name" --assume-role-policy-document "$trust" >/dev/null
  fi
  for policy in $(jq -r --arg role "$role" '.[$role][]' "$folder/roles.json"); do
    aws iam attach-role-policy --role-name "$name" --policy-arn "arn:aws:iam::$account:policy/portal-db-github-$policy"
  done
  wanted=$(jq -r --arg role "$role" '.[$role][] | "portal-db-github-" + .' "$folder/roles.json")
  for policy in $(aws iam list-attached-role-policies --role-name "$name" --query 'AttachedPolicies[].PolicyName' --output text); do
    if ! grep -qxF "$policy" <<<"$wanted"; then
      echo "$name has the policy $policy, which roles.json does not give it: detach it" >&2
      strangers=1
    fi
  done
done
exit "$strangers"
