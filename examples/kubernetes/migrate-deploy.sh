#!/bin/sh
# Runs a migration command, and waits while another app migrates:
#
#   sh migrate-deploy.sh npx prisma migrate deploy
#
# Prisma takes one advisory lock for the whole database, whichever schema it migrates, and gives up after ten seconds
# with P1002. Apps of one database therefore take turns: this tries again until MIGRATE_WAIT_SECONDS (600) are over.
# Anything else that goes wrong ends it at once, with the command's own status. What the command prints is passed on as
# it comes; what it prints on standard error is kept in TMPDIR, too, until the command ends.
set -u
limit=${MIGRATE_WAIT_SECONDS:-600}
deadline=$(($(date +%s) + limit))
kept=$(mktemp -d) || exit 1
trap 'rm -rf "$kept"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
exec 3>&1
while :; do
  # Standard output goes past the pipe; a pipe's status would be that of tee.
  {
    "$@" 2>&1 >&3 3>&-
    echo "$?" >"$kept/status"
  } | tee "$kept/errors" >&2
  status=$(cat "$kept/status")
  [ "$status" -eq 0 ] && exit 0
  case $(cat "$kept/errors") in
    *P1002*"advisory lock"*) ;;
    *) exit "$status" ;;
  esac
  left=$((deadline - $(date +%s)))
  if [ "$left" -le 0 ]; then
    echo "gave up after $limit s: end the session that holds the lock, or run this again" >&2
    exit "$status"
  fi
  echo "another app is migrating: trying again, for $left s at most" >&2
done
