#!/usr/bin/env bash
# Posts a file as the one comment of its kind on a pull request, or updates that comment; says where the whole is.
# usage: comment.sh <pull request number> <file>
# Environment: GH_TOKEN, GITHUB_REPOSITORY, GITHUB_SERVER_URL and GITHUB_RUN_ID.
set -euo pipefail
number=$1
file=$2
marker='<!-- portal-db review -->'
comments="repos/$GITHUB_REPOSITORY/issues"
run="${GITHUB_SERVER_URL:-https://github.com}/$GITHUB_REPOSITORY/actions/runs/${GITHUB_RUN_ID:-}"

body=$(mktemp)
# What is no UTF-8 is left out: GitHub would refuse it, and all that stands behind it would be lost.
review=$(mktemp)
iconv -c -f UTF-8 -t UTF-8 "$file" >"$review" || true
# GitHub takes 65,536 characters a comment. `review --comment` keeps below the half for each stack: what is longer is cut
# at the end of a line, unless it is the only one, and what is folded there is closed.
most=64000
cut_to() { { iconv -f UTF-8 -t UTF-32LE "$review" || true; } | head -c "$((4 * $1))" | iconv -f UTF-32LE -t UTF-8; }
{
  printf '%s\n' "$marker"
  if cmp -s <(cut_to "$most") "$review"; then
    cat "$review"
  else
    cut_to "$most" | awk 'NR > 1 { print line } { line = $0 } END { if (NR == 1) print line }'
    printf '\n</details>\n\nCut here: the rest does not fit into a comment.\n'
  fi
  printf '\nThe whole review is in [the summary of this run](%s).\n' "$run"
} >"$body"

id=$(gh api --paginate "$comments/$number/comments" \
  --jq ".[] | select(.user.login == \"github-actions[bot]\" and (.body | startswith(\"$marker\"))) | .id")
# Not by head: it would end the listing of further pages.
id=${id%%$'\n'*}
if [ -n "$id" ]; then
  gh api --method PATCH "$comments/comments/$id" --field "body=@$body" --silent
else
  gh api --method POST "$comments/$number/comments" --field "body=@$body" --silent
fi
