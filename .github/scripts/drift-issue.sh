#!/usr/bin/env bash
# Keeps one open issue while there is drift, and closes it when there is none.
# usage: drift-issue.sh <folder with the reports of drift.sh>
# Environment: GH_TOKEN, GH_REPO, RUN_URL, and RESULT: of the jobs that compared.
set -euo pipefail
folder=$1
label=drift
mkdir -p "$folder"

number=$(gh issue list --label "$label" --state open --json number --jq '.[0].number // empty')
if [ "$RESULT" = success ]; then
  if [ -n "$number" ]; then gh issue close "$number" --comment "No drift any more: $RUN_URL"; fi
  exit 0
fi
body=$(mktemp)
find "$folder" -name '*.md' | sort | xargs -r cat >"$body"
if [ ! -s "$body" ]; then echo "A stack could not be compared; the log of the run says why." >"$body"; fi
printf '\nFrom %s. See docs/ci.md, "Drift".\n' "$RUN_URL" >>"$body"
if [ -n "$number" ]; then
  gh issue edit "$number" --body-file "$body"
else
  gh label create "$label" --description "A stack differs from what is deployed" --force
  gh issue create --title "Drift: a stack differs from what is deployed" --label "$label" --body-file "$body"
fi
