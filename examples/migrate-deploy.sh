#!/bin/sh
# Runs a migration command, and waits while another app migrates:
#
#   sh migrate-deploy.sh npx prisma migrate deploy
#
# Prisma takes one advisory lock for the whole database, whichever schema it migrates, and gives up after ten seconds
# with P1002. Apps of one database therefore take turns: this tries again until MIGRATE_WAIT_SECONDS (600) are over.
# Anything else that goes wrong ends it at once, with the command's own output and status.
set -u
deadline=$(($(date +%s) + ${MIGRATE_WAIT_SECONDS:-600}))
while :; do
  output=$("$@" 2>&1) && {
    printf '%s\n' "$output"
    exit 0
  }
  status=$?
  case $output in
    *P1002*"advisory lock"*) ;;
    *)
      printf '%s\n' "$output" >&2
      exit "$status"
      ;;
  esac
  if [ "$(date +%s)" -ge "$deadline" ]; then
    printf '%s\n' "$output" "gave up after ${MIGRATE_WAIT_SECONDS:-600} s: end the session that holds the lock, or run this again" >&2
    exit "$status"
  fi
  echo "another app is migrating: waiting for its lock" >&2
done
