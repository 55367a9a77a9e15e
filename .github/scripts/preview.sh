#!/usr/bin/env bash
# Previews one stack under a policy pack, and keeps the plan.
# usage: preview.sh <stack> <folder> [<checkout whose policy pack judges, with its exceptions; default: this one>]
# In the folder: <stack>.json (the preview), <stack>.plan.json (what `pulumi up --plan` may do), and when the preview
# failed <stack>.failed with its exit status.
# Exit status: that of the preview.
set -euo pipefail
stack=$1
folder=$2
judge=${3:-.}
mkdir -p "$folder"
pack=(--policy-pack "$judge/policy" --policy-pack-config "$judge/policy/exceptions.json")

failed=0
npx pulumi preview --stack "$stack" "${pack[@]}" \
  --json --show-sames --save-plan "$folder/$stack.plan.json" >"$folder/$stack.json" || failed=$?
if [ "$failed" -ne 0 ]; then
  echo "$failed" >"$folder/$stack.failed"
  # The JSON leaves out what the policy pack says; the text has it.
  npx pulumi preview --stack "$stack" "${pack[@]}" || true
fi
exit "$failed"
