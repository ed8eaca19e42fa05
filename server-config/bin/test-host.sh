#!/usr/bin/env bash
# A host to try the product on: Debian 12 with systemd, AppArmor, libvirtd and KVM as its users have them, in a VM. Its
# processor is emulated together with AMD's SVM, so KVM works in it on machines that have none. Slow, and good for no
# figure of speed. Needs root once, to make the disk; each start begins with a fresh copy of it.
#
# usage: test-host.sh start          starts it; the project is in it at /project, read-only
#        test-host.sh run COMMAND    runs a shell command in it as root; with AGRT_USER=agents, as the ordinary user
#        test-host.sh shell          a shell in it
#        test-host.sh console        what it has written on its console
#        test-host.sh stop           shuts it down; kills it after a minute
#        test-host.sh check [STEP…]  starts it, tries the product of this checkout in it (test-host-check.sh), and stops it; the product has
#                                    to be built before
#
# target/test-host holds its console and results/, which is /results in it. AGRT_TEST_HOST=DIR takes another place, so
# that there can be several. AGRT_TEST_HOST_MIB is its memory, 6144 if left out; AGRT_TEST_HOST_ACCEL is what runs it:
# "tcg" if left out, or "kvm" where the machine can nest.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
project=$(cd "$here/../.." && pwd)
place=${AGRT_TEST_HOST:-$project/target/test-host}
memory=${AGRT_TEST_HOST_MIB:-6144}
accel=${AGRT_TEST_HOST_ACCEL:-tcg}
readonly BOOT_SECONDS=${AGRT_TEST_HOST_BOOT_SECONDS:-300}

say() { printf '[test-host] %s\n' "$*" >&2; }
fail() { say "error: $*"; exit 1; }

qemu_pid() { [ -s "$place/pid" ] && cat "$place/pid"; }
lives() { local pid; pid=$(qemu_pid) && grep -q -a 'guest=agent-runtime-test-host' "/proc/$pid/cmdline" 2> /dev/null; }

tail_of_console() { say "the end of its console ($place/console.log):"; tail -n "${1:-40}" "$place/console.log" | tr -d '\000\r' >&2; }

options() { printf '%s\n' -i "$place/key" -p "$(cat "$place/port")" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
    -o LogLevel=ERROR -o IdentitiesOnly=yes -o ConnectTimeout=10 -o ServerAliveInterval=30; }

into() {
    local -a with
    mapfile -t with < <(options)
    ssh "${with[@]}" "$@"
}

start() {
    ! lives || fail "it runs already: test-host.sh stop"
    local image port
    image=$("$here/test-host-image.sh")
    mkdir -p "$place/results"
    port=$("$here/free-port.sh")
    echo "$port" > "$place/port"
    install -m 600 "$image/key" "$place/key"
    rm -f "$place/console.log"
    local -a processor=(-accel tcg,thread=multi,tb-size=1024 -cpu max)
    [ "$accel" = tcg ] || processor=(-accel "$accel" -cpu host)
    # What it writes goes into a nameless file (snapshot=on), which ends with it.
    TMPDIR=$place qemu-system-x86_64 -name guest=agent-runtime-test-host "${processor[@]}" -machine q35 -smp 2 -m "$memory" \
        -nodefaults -no-user-config -display none -daemonize -pidfile "$place/pid" \
        -serial "file:$place/console.log" -monitor "unix:$place/monitor,server=on,wait=off" \
        -kernel "$image/vmlinuz" -initrd "$image/initrd.img" -append "root=/dev/vda rw console=ttyS0 quiet" \
        -drive "file=$image/disk.img,if=virtio,format=raw,snapshot=on" \
        -object rng-random,id=rng,filename=/dev/urandom -device virtio-rng-pci,rng=rng \
        -netdev "user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:$port-:22" -device virtio-net-pci,netdev=net \
        -virtfs "local,path=$project,mount_tag=project,security_model=none,readonly=on,multidevs=remap" \
        -virtfs "local,path=$place/results,mount_tag=results,security_model=none,multidevs=remap"
    local began=$SECONDS
    until into root@127.0.0.1 'systemctl is-system-running --wait' > "$place/state" 2> /dev/null || grep -q degraded "$place/state"; do
        lives || { tail_of_console; fail "it ended while it started"; }
        [ $((SECONDS - began)) -lt "$BOOT_SECONDS" ] || { tail_of_console; fail "it is not up after $BOOT_SECONDS s"; }
        sleep 1
    done
    say "up after $((SECONDS - began)) s, $(cat "$place/state")"
}

stop() {
    lives || { rm -f "$place/pid"; return 0; }
    local pid
    pid=$(qemu_pid)
    into root@127.0.0.1 'systemctl poweroff' > /dev/null 2>&1 || true
    for _ in $(seq 600); do
        lives || break
        sleep 0.1
    done
    ! lives || { say "it did not shut down within a minute and is killed"; tail_of_console 20; kill -s KILL "$pid"; }
    rm -f "$place/pid" "$place/monitor"
}

check() {
    local release=$project/server-config/target/server-config-0.1.0.zip status=0
    [ -f "$release" ] || fail "there is no $release: build the project first"
    start
    rm -rf "$place/results/tokens"
    java "$project/server-config/src/main/tools/Tokens.java" "$place/results/tokens" http://localhost/quickstart agent-runtime
    "$here/test-host.sh" run "/project/server-config/bin/test-host-check.sh $*" || status=$?
    "$here/test-host.sh" run 'journalctl --no-pager > /results/journal; cp -r /opt/wlp/usr/servers/agentserver/logs /results/ 2> /dev/null' || true
    stop
    exit $status
}

action=${1:-}
[ $# = 0 ] || shift
case $action in
start) start ;;
run)
    [ $# -gt 0 ] || fail "usage: test-host.sh run COMMAND"
    lives || fail "it does not run: test-host.sh start"
    status=0
    into "${AGRT_USER:-root}@127.0.0.1" "$*" < /dev/null || status=$?
    # 255 is ssh's own: the host is gone.
    [ $status != 255 ] || tail_of_console
    exit $status
    ;;
shell) lives || fail "it does not run: test-host.sh start"; into -t "${AGRT_USER:-root}@127.0.0.1" ;;
check) check "$@" ;;
console) tr -d '\000\r' < "$place/console.log" ;;
stop) stop ;;
*) echo "usage: test-host.sh start|run COMMAND|shell|console|check [STEP…]|stop" >&2; exit 2 ;;
esac
