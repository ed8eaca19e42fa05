#!/usr/bin/env bash
# A PostgreSQL for tests: data, port and password of its own, gone without a trace at the end. Leaves every other one alone.
#
# usage: test-postgres.sh start FOLDER   starts it, keeps in FOLDER what stop needs, prints its JDBC URL
#        test-postgres.sh stop FOLDER    ends what start began; nothing to do is fine
set -euo pipefail
action=${1:-} folder=${2:-}
fail() { echo "test-postgres.sh: $*" >&2; exit 1; }

# PostgreSQL refuses to run as root. Commands run where that user may be, too.
unprivileged() {
    if [ "$(id -u)" != 0 ]; then (cd / && "$@"); return; fi
    local user=nobody
    if id postgres > /dev/null 2>&1; then user=postgres; fi
    (cd / && setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups env HOME=/ LC_ALL=C.UTF-8 "$@")
}

programs() {
    local initdb
    initdb=$(command -v initdb || ls -1 /usr/lib/postgresql/*/bin/initdb 2> /dev/null | sort -V | tail -n 1)
    [ -n "$initdb" ] || fail "PostgreSQL is missing (Debian: apt-get install postgresql; RHEL: dnf install postgresql-server)"
    dirname "$(readlink -f "$initdb")"
}

start() {
    local bin data port password
    bin=$(programs)
    mkdir -p "$folder"
    data=$(unprivileged mktemp -d "${TMPDIR:-/tmp}/agent-runtime-postgres.XXXXXXXX")
    echo "$data" > "$folder/data"
    echo "$bin" > "$folder/bin"
    password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    unprivileged sh -c 'echo "$2" > "$1/password"' sh "$data" "$password"
    unprivileged "$bin/initdb" -D "$data/db" -U agents -A scram-sha-256 --pwfile "$data/password" -E UTF8 --locale=C -N \
        > "$folder/initdb.log" 2>&1 || { tail -n 20 "$folder/initdb.log" >&2; stop; fail "initdb failed"; }
    port=$("$(dirname "$0")/free-port.sh")
    # No fsync: nobody needs the data afterwards.
    unprivileged "$bin/pg_ctl" -D "$data/db" -w -t 60 -l "$data/log" \
        -o "-p $port -k $data -c listen_addresses=127.0.0.1 -c fsync=off" start > "$folder/start.log" 2>&1 \
        || { tail -n 20 "$folder/start.log" "$data/log" >&2; stop; fail "PostgreSQL does not start"; }
    echo "jdbc:postgresql://127.0.0.1:$port/postgres?user=agents&password=$password"
}

stop() {
    [ -s "$folder/data" ] || return 0
    local data bin
    data=$(cat "$folder/data") bin=$(cat "$folder/bin")
    if [ -s "$data/db/postmaster.pid" ]; then unprivileged "$bin/pg_ctl" -D "$data/db" -w -m immediate stop > /dev/null; fi
    case $data in */agent-runtime-postgres.*) rm -rf "$data" ;; esac
    rm -f "$folder/data" "$folder/bin"
}

[ -n "$folder" ] || action=
case $action in
start) stop; start ;;
stop) stop ;;
*) fail "usage: test-postgres.sh start|stop FOLDER" ;;
esac
