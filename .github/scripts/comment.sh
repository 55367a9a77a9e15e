#!/usr/bin/env bash
# Posts a file as the one comment of its kind on a pull request, or updates that comment.
# usage: comment.sh <pull request number> <file>
# Environment: GH_TOKEN, GITHUB_REPOSITORY.
set -euo pipefail
number=$1
file=$2
marker='<!-- portal-db review -->'
comments="repos/$GITHUB_REPOSITORY/issues"

body=$(mktemp)
# GitHub takes 65536 characters a comment.
{ printf '%s\n' "$marker" && head -c 60000 "$file"; } >"$body"
if [ "$(wc -c <"$file")" -gt 60000 ]; then
  printf '\n\nCut here: the whole review is in the summary of the job.\n' >>"$body"
fi

id=$(gh api --paginate "$comments/$number/comments" \
  --jq ".[] | select(.user.login == \"github-actions[bot]\" and (.body | startswith(\"$marker\"))) | .id" | head -n 1)
if [ -n "$id" ]; then
  gh api --method PATCH "$comments/comments/$id" --field "body=@$body" --silent
else
  gh api --method POST "$comments/$number/comments" --field "body=@$body" --silent
fi
