#!/usr/bin/env bash
# Makes the environments of environments.json: who approves, from which branch, which role, which state.
# usage: environments.sh <owner/repository> <AWS account> <state bucket> <team that approves>
# Typed by an administrator of the repository, logged in with `gh`; again after a change of the file.
set -euo pipefail
repository=$1
account=$2
bucket=$3
team=$(gh api "orgs/${repository%%/*}/teams/$4" --jq .id)
file="$(dirname "$0")/environments.json"

for name in $(jq -r 'keys[]' "$file"); do
  role=$(jq -r --arg name "$name" '.[$name].role' "$file")
  state=$(jq -r --arg name "$name" '.[$name].state' "$file")
  environment="repos/$repository/environments/$name"
  jq --arg name "$name" --argjson team "$team" '.[$name] | {
    reviewers: (if .reviewers then [{ type: "Team", id: $team }] else [] end),
    prevent_self_review: .reviewers,
    deployment_branch_policy: (if .mainOnly then { protected_branches: false, custom_branch_policies: true } else null end)
  }' "$file" | gh api --method PUT "$environment" --input - --silent
  if [ "$(jq --arg name "$name" '.[$name].mainOnly' "$file")" = true ]; then
    branches=$(gh api "$environment/deployment-branch-policies" --jq '[.branch_policies[].name] | join(" ")')
    if [ "$branches" = "" ]; then
      gh api --method POST "$environment/deployment-branch-policies" -f name=main --silent
    elif [ "$branches" != main ]; then
      echo "$name deploys from other branches than main ($branches): take them away, Settings > Environments" >&2
      exit 1
    fi
  fi
  gh variable set AWS_ROLE --repo "$repository" --env "$name" --body "arn:aws:iam::$account:role/portal-db-github-$role"
  gh variable set PULUMI_BACKEND_URL --repo "$repository" --env "$name" --body "s3://$bucket/$state?region=us-east-1"
done
gh variable set PULUMI_SECRETS_PROVIDER --repo "$repository" --env ephemeral \
  --body "awskms:///alias/portal-db-state-ephemeral?region=us-east-1"
