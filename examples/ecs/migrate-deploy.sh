#!/bin/sh
# Runs a migration command, and waits while another app migrates:
#
#   sh migrate-deploy.sh npx prisma migrate deploy
#
# Prisma takes one advisory lock for the whole database, whichever schema it migrates, and gives up after ten seconds
# with P1002. Apps of one database therefore take turns: this tries again until MIGRATE_WAIT_SECONDS (600) are over,
# also where Postgres ended the waiting one with "deadlock detected". Anything else that goes wrong ends it at once, with
# the command's own status. What the command prints is passed on as it comes; what it prints on standard error is kept
# in TMPDIR, too, until the command ends. A stop is passed on to the command, as TERM; nothing is tried again after it.
# npx ends at it without what it runs: where there is setsid (Linux), what a stopped command leaves behind gets TERM, too.
# A KILL cannot be passed on: there the command goes on, unless it is killed, too, as a container's end does.
set -u
if [ $# -eq 0 ]; then
  echo "usage: sh migrate-deploy.sh <command> [argument]..., such as npx prisma migrate deploy" >&2
  exit 64
fi
limit=${MIGRATE_WAIT_SECONDS:-600}
case $limit in
  *[!0-9]* | 0?* | ?????????*)
    echo "error: MIGRATE_WAIT_SECONDS is $limit: set it to a number of seconds, such as 600" >&2
    exit 64
    ;;
esac
deadline=$(($(date +%s) + limit))
kept=$(mktemp -d) || exit 1
trap 'rm -rf "$kept"' EXIT
mkfifo "$kept/pipe" || exit 1

command=
stopped=
signals=0
apart=$(command -v setsid) || apart=
# A shell's background commands ignore INT.
pass() { [ -z "$command" ] || kill -s TERM "$command" 2>/dev/null; }
stop() {
  stopped=$1
  signals=$((signals + 1))
  pass
}
trap 'stop 129' HUP
trap 'stop 130' INT
trap 'stop 143' TERM

exec 3<&0
while [ -z "$stopped" ]; do
  tee "$kept/errors" <"$kept/pipe" >&2 3<&- &
  printer=$!
  # In the background, since a shell acts on a signal only once the command before it has ended; a wait it leaves.
  ${apart:+"$apart"} "$@" <&3 2>"$kept/pipe" 3<&- &
  command=$!
  [ -z "$stopped" ] || pass
  while :; do
    before=$signals
    wait "$command"
    status=$?
    [ "$signals" -ne "$before" ] && kill -0 "$command" 2>/dev/null || break
  done
  [ -z "$stopped" ] || [ -z "$apart" ] || kill -s TERM -- "-$command" 2>/dev/null
  command=
  # What a stopped command left behind may hold the pipe: a stop is not kept waiting by it.
  [ -n "$stopped" ] || wait "$printer"
  [ "$status" -eq 0 ] || [ -n "$stopped" ] && exit "$status"
  case $(cat "$kept/errors") in
    *P1002*"advisory lock"*) ;;
    # Of a migration itself: what it left has to be seen to.
    *migration_name=* | *P3018*) exit "$status" ;;
    *"deadlock detected"*) ;;
    *) exit "$status" ;;
  esac
  left=$((deadline - $(date +%s)))
  if [ "$left" -le 0 ]; then
    echo "gave up after $limit s: end the session that holds the lock, or run this again" >&2
    exit "$status"
  fi
  echo "another app is migrating: trying again, for $left s at most" >&2
done
exit "$stopped"
