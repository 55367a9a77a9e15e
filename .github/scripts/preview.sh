#!/usr/bin/env bash
# Previews one stack under the policy pack, keeps the plan, and reviews it.
# usage: preview.sh <stack> <folder>
# In the folder: <stack>.json (the preview), <stack>.plan.json (what `pulumi up --plan` may do), <stack>.md (the review).
# Environment: ALLOW and REASON, where a person lets one URN through; both optional.
# Exit status: 2 when the review blocks, 1 or 64 when it could not be made, that of the preview when it failed, otherwise 0.
set -euo pipefail
stack=$1
folder=$2
mkdir -p "$folder"

failed=0
npx pulumi preview --stack "$stack" --policy-pack policy --policy-pack-config policy/exceptions.json \
  --json --show-sames --save-plan "$folder/$stack.plan.json" >"$folder/$stack.json" || failed=$?
if [ "$failed" -ne 0 ]; then
  # The JSON leaves out what the policy pack says; the text has it.
  npx pulumi preview --stack "$stack" --policy-pack policy --policy-pack-config policy/exceptions.json || true
fi

allow=()
if [ -n "${ALLOW:-}" ]; then allow=(--allow "$ALLOW" --reason "${REASON:-}"); fi
blocked=0
npm run --silent review -- "$folder/$stack.json" "${allow[@]}" >"$folder/$stack.md" || blocked=$?
if [ "$failed" -ne 0 ]; then
  printf '\n**The preview of %s failed** (exit status %s); the log of the job says why.\n' "$stack" "$failed" >>"$folder/$stack.md"
fi
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then cat "$folder/$stack.md" >>"$GITHUB_STEP_SUMMARY"; fi

if [ "$blocked" -ne 0 ]; then exit "$blocked"; fi
exit "$failed"
