#!/usr/bin/env bash
# Compares a stack with what is really there: the engine what it declares, `verify` what everybody may do.
# usage: drift.sh <folder> <stack>
# In the folder: <stack>.md, when the stack drifted or could not be compared.
# Exit status: 0 when nothing drifted, otherwise 1.
set -euo pipefail
folder=$1
stack=$2
mkdir -p "$folder"
report="$folder/$stack.md"

# compare <what it means when it fails> <command…>
compare() {
  local what=$1
  local log="$folder/$stack.log"
  shift
  if "$@" >"$log" 2>&1; then
    cat "$log"
    return
  fi
  cat "$log"
  {
    printf '## %s\n\n%s, or could not be compared:\n\n' "$stack" "$what"
    printf '```\n%s\n```\n\n' "$(tail -c 20000 "$log" | sed 's/```/~~~/g')"
  } >>"$report"
}

compare "The stack is not what is deployed" npm run --silent preview -- "$stack" --refresh --expect-no-changes
compare "Somebody may do what no stack declares, or not what one does" npm run --silent verify -- "$stack" --aws
[ ! -e "$report" ]
