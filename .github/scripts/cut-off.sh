#!/usr/bin/env bash
# Says what mends a deployment that was cut off; a deployment that says why it failed needs nothing but that mended.
# usage: cut-off.sh <stack>
set -euo pipefail
stack=$1
# An ephemeral stack has no file but on the runner.
where=""
case "$stack" in pr-*) where=" --region ${AWS_REGION:-us-east-1} --endpoint localhost:6543 --ca-bundle global-bundle.pem" ;; esac
cat <<TEXT
::error title=The deployment of $stack did not end well::If it said why, mend that and run the workflow again. If it was cut off, see docs/runbook.md.
Cut off (cancelled, out of time), or the next deployment finds the stack locked, or something that "already exists"?
A person with the tunnel open and a role that may deploy $stack types:

  npm run ops -- recover $stack --aws --holder-is-gone$where

once nothing deploys $stack any more, then deploys it from there, since what was taken in is read from the database first
(prod, dev: npx pulumi up --stack $stack; an ephemeral one: its label anew): docs/runbook.md, "A failed deploy".
TEXT
