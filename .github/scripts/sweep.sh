#!/usr/bin/env bash
# Takes away each ephemeral stack whose pull request is not open with the label `ephemeral`.
# usage: sweep.sh
# Environment: PULUMI_BACKEND_URL, GH_TOKEN, GH_REPO.
# Where a pull request cannot be read, nothing more is taken away: the status is not zero.
set -euo pipefail
stacks=$(npx pulumi stack ls --json | jq -r '.[].name')
for stack in $stacks; do
  number=${stack#pr-}
  if [[ ! "$stack" =~ ^pr-[0-9]+$ ]]; then continue; fi
  pull=$(gh pr view "$number" --json state,labels)
  if jq -e '.state == "OPEN" and any(.labels[]; .name == "ephemeral")' <<<"$pull" >/dev/null; then
    echo "$stack stays: its pull request is open, with the label"
  else
    "$(dirname "$0")/ephemeral.sh" down "$stack"
  fi
done
