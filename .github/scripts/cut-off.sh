#!/usr/bin/env bash
# Says what mends a deployment that was cut off; a deployment that says why it failed needs nothing but that mended.
# usage: cut-off.sh <stack>
set -euo pipefail
stack=$1
cat <<TEXT
::error title=The deployment of $stack did not end well::If it said why, mend that and run the workflow again. If it was cut off, see docs/runbook.md.
Cut off (cancelled, out of time, a runner that died), or the next deployment finds the stack locked, or something that "already exists"?
A person with the tunnel open and a role that may deploy $stack types:

  npm run ops -- recover $stack --aws --holder-is-gone

once nothing deploys $stack any more, and runs the workflow again: docs/runbook.md, "A failed deploy".
TEXT
