#!/usr/bin/env bash
# Reviews what `npm run preview` kept as <stack>.json; it needs no credential.
# usage: review.sh <stack> <folder>
# In the folder: <stack>.md (the review).
# Environment: ALLOW and REASON, where a person lets one URN through; both optional.
# Exit status: 2 when the review blocks or the preview failed, 1 or 64 when it could not be made, otherwise 0.
set -euo pipefail
stack=$1
folder=$2
mkdir -p "$folder"
review="$folder/$stack.md"

allow=()
if [ -n "${ALLOW:-}" ]; then allow=(--allow "$ALLOW" --reason "${REASON:-}"); fi
status=0
: >"$review"
if [ -e "$folder/$stack.json" ]; then
  npm run --silent review -- "$folder/$stack.json" "${allow[@]}" >"$review" || status=$?
else
  printf '**There is no preview of %s**; the log of its job says why.\n' "$stack" >>"$review"
  status=1
fi
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then cat "$review" >>"$GITHUB_STEP_SUMMARY"; fi
exit "$status"
