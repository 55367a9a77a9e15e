#!/usr/bin/env bash
# Opens a tunnel to the database through the bastion, and waits until it answers.
# usage: tunnel.sh <local port> [as-host]
# With `as-host` the database's own name means the tunnel, so that URLs and certificates fit.
# Environment: BASTION_INSTANCE_ID, DATABASE_HOST, RUNNER_TEMP and the credentials of a role that may open it.
set -euo pipefail
port=$1
log="$RUNNER_TEMP/tunnel-$port.log"

nohup aws ssm start-session \
  --target "$BASTION_INSTANCE_ID" \
  --document-name AWS-StartPortForwardingSessionToRemoteHost \
  --parameters "host=$DATABASE_HOST,portNumber=5432,localPortNumber=$port" >"$log" 2>&1 </dev/null &

for _ in $(seq 60); do
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    if [ "${2:-}" = as-host ]; then echo "127.0.0.1 $DATABASE_HOST" | sudo tee -a /etc/hosts >/dev/null; fi
    echo "the tunnel listens on localhost:$port"
    exit 0
  fi
  sleep 1
done
echo "no tunnel on localhost:$port after 60 seconds:" >&2
cat "$log" >&2
exit 1
