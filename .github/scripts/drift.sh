#!/usr/bin/env bash
# Compares each stack with what is really there.
# usage: drift.sh <folder> <stack>…
# In the folder: drift.md, when a stack drifted or could not be compared.
# Exit status: 0 when nothing drifted, otherwise 1.
set -euo pipefail
folder=$1
shift
mkdir -p "$folder"
report="$folder/drift.md"

for stack in "$@"; do
  log="$folder/$stack.log"
  if npx pulumi preview --stack "$stack" --refresh --expect-no-changes --diff >"$log" 2>&1; then
    cat "$log"
    continue
  fi
  cat "$log"
  {
    printf '## %s\n\nThe stack is not what is deployed, or could not be compared:\n\n' "$stack"
    printf '```\n%s\n```\n\n' "$(tail -c 20000 "$log" | sed 's/```/~~~/g')"
  } >>"$report"
done
[ ! -e "$report" ]
