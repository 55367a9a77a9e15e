#!/usr/bin/env bash
# Reviews what `npm run preview` kept as <stack>.json; it needs no credential.
# usage: review.sh <stack> <folder>
# In the folder: <stack>.md (the review for a comment). The whole one goes into the summary of the job; one that is too
# large for it is kept as <stack>.whole.md.
# Environment: ALLOW and REASON, where a person lets one URN through; both optional.
# Exit status: 2 when the review blocks or the preview failed, 1 or 64 when it could not be made, otherwise 0.
set -euo pipefail
stack=$1
folder=$2
mkdir -p "$folder"
preview="$folder/$stack.json"
comment="$folder/$stack.md"
whole="$folder/$stack.whole.md"
# GitHub refuses a step's summary of more than 1 MiB as a whole.
max_bytes=1000000

allow=()
if [ -n "${ALLOW:-}" ]; then allow=(--allow "$ALLOW" --reason "${REASON:-}"); fi
status=0
if [ -e "$preview" ]; then
  npm run --silent review -- "$preview" --stack "$stack" --markdown "${allow[@]}" >"$whole" || status=$?
  npm run --silent review -- "$preview" --stack "$stack" --comment "${allow[@]}" >"$comment" || true
else
  printf '**There is no preview of %s**; the log of its job says why.\n' "$stack" | tee "$whole" >"$comment"
  status=1
fi
# A review that could not be made says why in the log alone.
if [ ! -s "$comment" ]; then
  printf '**The preview of %s could not be reviewed**; the log of this job says why.\n' "$stack" | tee "$whole" >"$comment"
fi
summary=$whole
if [ "$(wc -c <"$whole")" -gt "$max_bytes" ]; then
  summary=$(mktemp)
  printf '**The whole review of %s is too large for a summary.** It is %s.whole.md in the artifact review-%s of this run; here is what a comment has of it.\n\n' \
    "$stack" "$stack" "$stack" | cat - "$comment" >"$summary"
fi
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then cat "$summary" >>"$GITHUB_STEP_SUMMARY"; fi
if [ "$summary" = "$whole" ]; then rm "$whole"; fi
exit "$status"
