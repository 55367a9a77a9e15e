#!/usr/bin/env bash
# Keeps one open issue while there is drift, and closes it when there is none.
# usage: drift-issue.sh <folder of drift.sh>
# Environment: GH_TOKEN, GH_REPO, RUN_URL.
set -euo pipefail
report="$1/drift.md"
label=drift

number=$(gh issue list --label "$label" --state open --json number --jq '.[0].number // empty')
if [ ! -e "$report" ]; then
  if [ -n "$number" ]; then gh issue close "$number" --comment "No drift any more: $RUN_URL"; fi
  exit 0
fi
printf '\nFrom %s. See docs/ci.md, "Drift".\n' "$RUN_URL" >>"$report"
if [ -n "$number" ]; then
  gh issue edit "$number" --body-file "$report"
else
  gh label create "$label" --description "A stack differs from what is deployed" --force
  gh issue create --title "Drift: a stack differs from what is deployed" --label "$label" --body-file "$report"
fi
