#!/usr/bin/env bash
# A host to try the product on: Debian 12 with systemd, AppArmor, libvirtd and KVM as its users have them, in a VM. Its
# processor is emulated together with AMD's SVM, so KVM works in it on machines that have none. Slow, and good for no
# figure of speed. Needs root once, to make the disk; each start begins with a fresh copy of it.
#
# usage: test-host.sh start          starts it; the project is in it at /project, read-only
#        test-host.sh run COMMAND    runs a shell command in it as root; with AGRT_USER=agents, as the ordinary user
#        test-host.sh shell          a shell in it
#        test-host.sh console        what it has written on its console
#        test-host.sh reboot         reboots it; its disk stays
#        test-host.sh stop           shuts it down; kills it after a minute
#        test-host.sh check [brief]  starts it, tries the product of this checkout in it (test-host-check.sh), and stops it; the product has
#                                    to be built before. "brief" leaves out the reboot, the clocks and the ordinary user
#        test-host.sh steps USER STEP…  takes single steps of the check in a test host that runs, which goes on running; test-host-check.sh
#                                    names them
#        test-host.sh tests ACCELERATION [CLASS[#METHOD]…]  runs the driver's VM tests in it, under kvm or tcg; all of them without names. It has to
#                                    run; the driver has to be in Maven's local repository, with its tests compiled
#
# target/test-host holds its console and results/, which is /results in it. AGRT_TEST_HOST=DIR takes another place, so
# that there can be several. AGRT_TEST_HOST_MIB is its memory, 6144 if left out; AGRT_TEST_HOST_CPUS its processors, 2 if
# left out; AGRT_TEST_HOST_ACCEL is what runs it:
# "tcg" if left out, or "kvm" where the machine can nest.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
project=$(cd "$here/../.." && pwd)
place=${AGRT_TEST_HOST:-$project/target/test-host}
memory=${AGRT_TEST_HOST_MIB:-6144}
processors=${AGRT_TEST_HOST_CPUS:-2}
accel=${AGRT_TEST_HOST_ACCEL:-tcg}
readonly BOOT_SECONDS=${AGRT_TEST_HOST_BOOT_SECONDS:-300}

say() { printf '[test-host] %s\n' "$*" >&2; }
fail() { say "error: $*"; exit 1; }

qemu_pid() { [ -s "$place/pid" ] && cat "$place/pid"; }
lives() { local pid; pid=$(qemu_pid) && grep -q -a 'guest=agent-runtime-test-host' "/proc/$pid/cmdline" 2> /dev/null; }

# A kernel that has panicked stands still, and says so on its console only.
panicked() { grep -q -a 'Kernel panic' "$place/console.log" 2> /dev/null; }

# An emulated processor that gets into a state it cannot leave starts anew, and says nothing.
boots() { grep -a -c 'test-host ttyS0' "$place/console.log" || true; }

tail_of_console() { say "the end of its console ($place/console.log):"; tail -n "${1:-40}" "$place/console.log" | tr -d '\000\r' >&2; }

options() { printf '%s\n' -i "$place/key" -p "$(cat "$place/port")" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
    -o LogLevel=ERROR -o IdentitiesOnly=yes -o ConnectTimeout=60 -o ServerAliveInterval=30 -o ServerAliveCountMax=20; }

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
    # An emulated processor is late at times. Its kernel would doubt the TSC then and take the HPET, each reading of which goes
    # through QEMU's one lock: such a host stands still on a busy machine.
    local emulated=tsc=reliable
    # Neither a fifth level of page tables nor the ways round the faults of real processors show anything here, and both take time.
    # One thread for both processors would be five times as slow, and no base template would be ready in its time.
    local -a processor=(-accel tcg,thread=multi,tb-size=1024 -cpu max,la57=off)
    emulated+=' mitigations=off'
    [ "$accel" = tcg ] || { processor=(-accel "$accel" -cpu host); emulated=; }
    # What it writes goes into a nameless file (snapshot=on), which ends with it.
    TMPDIR=$place qemu-system-x86_64 -name guest=agent-runtime-test-host "${processor[@]}" -machine q35 -smp "$processors" -m "$memory" \
        -nodefaults -no-user-config -display none -daemonize -pidfile "$place/pid" \
        -serial "file:$place/console.log" -monitor "unix:$place/monitor,server=on,wait=off" \
        -kernel "$image/vmlinuz" -initrd "$image/initrd.img" -append "root=/dev/vda rw console=ttyS0 quiet $emulated" \
        -drive "file=$image/disk.img,if=virtio,format=raw,snapshot=on" \
        -object rng-random,id=rng,filename=/dev/urandom -device virtio-rng-pci,rng=rng \
        -netdev "user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:$port-:22" -device virtio-net-pci,netdev=net \
        -virtfs "local,path=$project,mount_tag=project,security_model=none,readonly=on,multidevs=remap" \
        -virtfs "local,path=$place/results,mount_tag=results,security_model=none,multidevs=remap"
    await_up none
}

boot_id() { into root@127.0.0.1 'cat /proc/sys/kernel/random/boot_id' 2> /dev/null || true; }

# BEFORE: the boot that is over
await_up() {
    local began=$SECONDS now
    until now=$(boot_id) && [ -n "$now" ] && [ "$now" != "$1" ] \
        && { into root@127.0.0.1 'systemctl is-system-running --wait' > "$place/state" 2> /dev/null || grep -q degraded "$place/state"; }; do
        lives || { tail_of_console; fail "it ended while it started"; }
        ! panicked || { tail_of_console; fail "its kernel has panicked: stop it, and begin anew"; }
        [ $((SECONDS - began)) -lt "$BOOT_SECONDS" ] || { tail_of_console; fail "it is not up after $BOOT_SECONDS s"; }
        sleep 1
    done
    say "up after $((SECONDS - began)) s, $(cat "$place/state")"
}

reboot() {
    local before
    before=$(boot_id)
    [ -n "$before" ] || fail "it does not answer"
    into root@127.0.0.1 'systemctl reboot' > /dev/null 2>&1 || true
    await_up "$before"
}

stop() {
    lives || { rm -f "$place/pid"; return 0; }
    local pid
    pid=$(qemu_pid)
    if ! panicked; then
        into root@127.0.0.1 'systemctl poweroff' > /dev/null 2>&1 || true
        for _ in $(seq 600); do
            lives || break
            sleep 0.1
        done
        ! lives || { say "it did not shut down within a minute and is killed"; tail_of_console 20; }
    fi
    ! lives || kill -s KILL "$pid"
    rm -f "$place/pid" "$place/monitor"
}

# The agent by which the checks see a guest's clocks.
clock_war() {
    local classes=$place/clock/WEB-INF/classes
    rm -rf "$place/clock"
    mkdir -p "$classes"
    javac --release 17 -d "$classes" -cp "$(ls "$project"/server-config/target/wlp/dev/api/spec/io.openliberty.jakarta.servlet.6.0_*.jar)" \
        "$project/server-config/src/test/agents/Clock.java"
    jar --create --file "$place/results/clock.war" -C "$place/clock" .
}

# The driver's tests with all they need, in results/driver: Maven and the network stay outside.
driver_tests() {
    local folder=$place/results/driver driver=$project/libvirt-driver version
    local maven=${AGRT_MAVEN:-mvn}
    version=$(sed -n 's:.*<junit.version>5\(.*\)</junit.version>.*:1\1:p' "$project/pom.xml")
    rm -rf "$folder"
    (cd "$driver" && "$maven" -B -q -ntp dependency:copy-dependencies -DincludeScope=test -DoutputDirectory="$folder" \
        && "$maven" -B -q -ntp dependency:copy -Dartifact="org.junit.platform:junit-platform-console-standalone:$version" -DoutputDirectory="$folder/junit")
    # The engine is in JUnit's own jar already.
    rm -f "$folder"/junit-* "$folder"/opentest4j-* "$folder"/apiguardian-*
    jar --create --file "$folder/driver-classes.jar" -C "$driver/target/classes" . -C "$driver/target/test-classes" .
}

# kvm|tcg [CLASS[#METHOD]…]
tests() {
    local acceleration=${1:-} test select=''
    case $acceleration in
    kvm | tcg) shift ;;
    *) fail "usage: test-host.sh tests kvm|tcg [CLASS[#METHOD]…]" ;;
    esac
    lives || fail "it does not run: test-host.sh start"
    driver_tests
    for test in "${@:-VmIT VmDriverContractIT WayOutIT}"; do
        case $test in
        *#*) select+=" -m dev.agentruntime.libvirt.$test" ;;
        *) for one in $test; do select+=" -c dev.agentruntime.libvirt.$one"; done ;;
        esac
    done
    "$here/test-host.sh" run "set -e; /project/server-config/bin/host-setup.sh; rm -rf ~/driver; cp -r /results/driver ~/driver; state=/var/lib/agent-runtime
        [ \$(id -u) = 0 ] || state=~/.local/state/agent-runtime
        java -Dvm.state=\$state -Dvm.acceleration=$acceleration -Dguest.image=/project/guest/image/target/image -jar ~/driver/junit/*.jar execute \
            --disable-banner --disable-ansi-colors --details=tree -cp \$(printf '%s:' ~/driver/*.jar) $select" | tee "$place/results/tests-$acceleration.log"
}

# What the check needs besides the release: keys of callers and the agent that tells its clocks.
prepare() {
    local release=$project/server-config/target/server-config-0.1.0.zip
    [ -f "$release" ] || fail "there is no $release: build the project first"
    [ -d "$place/results/tokens" ] \
        || java "$project/server-config/src/main/tools/Tokens.java" "$place/results/tokens" http://localhost/quickstart agent-runtime
    clock_war
}

# USER STEP…: they run on in the host whatever becomes of the connection; what they say is in results/check.log.
steps() {
    local user=${1:-} said=0 results=$place/results boots
    boots=$(boots)
    [ $# -gt 1 ] || fail "usage: test-host.sh steps root|agents STEP…"
    shift
    rm -f "$results/check.log" "$results/check.status"
    install -m 666 /dev/null "$results/check.log"
    install -m 666 /dev/null "$results/check.status"
    into "$user@127.0.0.1" "setsid sh -c '/project/server-config/bin/test-host-check.sh $* > /results/check.log 2>&1; echo \$? > /results/check.status' \
        < /dev/null > /dev/null 2>&1 &"
    until [ -s "$results/check.status" ] && [ "$(wc -c < "$results/check.log")" = $said ]; do
        lives || { tail_of_console; fail "it has ended"; }
        ! panicked || { tail_of_console; fail "its kernel has panicked: stop it, and begin anew"; }
        [ "$(boots)" = "$boots" ] || fail "it has started anew by itself: stop it, and begin anew"
        sleep 1
        tail -c +$((said + 1)) "$results/check.log" > "$place/said"
        cat "$place/said"
        said=$((said + $(wc -c < "$place/said")))
    done
    [ "$(cat "$results/check.status")" = 0 ] || failed=1
}

check() {
    local failed=0
    case ${1:-} in
    '' | brief) ;;
    *) fail "usage: test-host.sh check [brief]" ;;
    esac
    ! lives || fail "it runs already: test-host.sh stop"
    rm -rf "$place/results/tokens"
    mkdir -p "$place/results"
    prepare
    trap stop EXIT
    start
    if [ "${1:-}" = brief ]; then
        steps root setup start agent answer restart meter denials end
    else
        steps root setup start agent answer clock restart meter apart denials
        reboot
        steps root again denials end ordinary
        steps agents setup start agent answer clock meter end
    fi
    "$here/test-host.sh" run 'journalctl --no-pager > /results/journal; cp -r /opt/wlp/usr/servers/agentserver/logs /results/ 2> /dev/null' || true
    exit $failed
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
steps)
    lives || fail "it does not run: test-host.sh start"
    prepare
    failed=0
    steps "$@"
    exit $failed
    ;;
tests) tests "$@" ;;
reboot) lives || fail "it does not run: test-host.sh start"; reboot ;;
console) tr -d '\000\r' < "$place/console.log" ;;
stop) stop ;;
*) echo "usage: test-host.sh start|run COMMAND|shell|console|check [brief]|steps|tests|reboot|stop" >&2; exit 2 ;;
esac
