#!/usr/bin/env bash
# Runs inside the test host, as root: installs the product as docs/host-setup.md says, has an agent answer in VMs of its own, and looks
# at each thing that a host with KVM, systemd, control groups version 2 and AppArmor does differently. Ends with 0 when
# all of it held. test-host.sh check runs it.
#
# usage: test-host-check.sh [STEP…]    setup, start, agent, answer, restart, meter, denials, end; all of them without any
#        test-host-check.sh again      after a reboot of the host: the server is back by itself, with its templates
set -euo pipefail
project=/project
release=${RELEASE:-$project/server-config/target/server-config-0.1.0.zip}
examples=${EXAMPLES:-$project/examples/*/target}
tokens=${TOKENS:-/results/tokens}
wlp=/opt/wlp
server=$wlp/usr/servers/agentserver
log=$server/logs/messages.log
base=http://localhost:9080
slices=/sys/fs/cgroup/machine.slice/machine-agrt.slice
failed=0

step() { printf '\n== %s (%d s)\n' "$*" $SECONDS; }
say() { printf '   %s\n' "$*"; }
holds() { # WORDS COMMAND…
    local words=$1
    shift
    if "$@"; then say "holds: $words"; else say "FAILS: $words"; failed=$((failed + 1)); fi
}
await() { # SECONDS WORDS COMMAND…
    local limit=$1 words=$2 began=$SECONDS
    shift 2
    until "$@" > /dev/null 2>&1; do
        [ $((SECONDS - began)) -lt "$limit" ] || { say "FAILS: $words, not within $limit s"; return 1; }
        sleep 1
    done
    say "$words after $((SECONDS - began)) s"
}
get() { curl -sS -m 120 -H "Authorization: Bearer $(cat "$tokens/admin.token")" "$base/agents/$1"; }
invoke() { # AGENT SESSION BODY
    curl -sS -m 300 -X POST -H "Authorization: Bearer $(cat "$tokens/alice.token")" -H 'Content-Type: application/json' \
        -H "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id: $2-00000000000000000000000000000001" -d "$3" "$base/agents/runtimes/$1/invocations"
}
ready() { [ "$(get "runtimes/${1:-hello}" | text status)" = READY ]; }
session() { get "runtimes/$1/sessions/$2-00000000000000000000000000000001"; }
number() { sed -n "s/.*\"$1\":\([0-9.E-]*\).*/\1/p"; }
text() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }
domains() { virsh -q list --name | grep . || true; }
slice_of() { echo "$slices/machine-agrt-$(echo "$1" | cut -d- -f2).slice/machine-$1.slice"; }
burnt() { awk '/^usage_usec/ { print $2 / 1e6 }' "$(slice_of "$1")/cpu.stat"; }
near() { awk -v a="$1" -v b="$2" -v by="$3" 'BEGIN { d = a - b; exit !(d <= by && -d <= by) }'; }

setup() {
    step "Install, as docs/host-setup.md says"
    "$project/server-config/bin/host-setup.sh"
    unzip -q -o "$release" -d /opt
    mkdir -p "$server/configDropins/overrides" "$server/agents/dropins"
    cat > "$server/configDropins/overrides/check.xml" <<XML
<server>
    <variable name="mp.jwt.verify.issuer" value="http://localhost/quickstart"/>
    <variable name="mp.jwt.verify.audiences" value="agent-runtime"/>
    <variable name="mp.jwt.verify.publickey.location" value="file://$tokens/tokens.pem"/>
    <agentRuntime poolMax="1" startTimeout="30m"/>
</server>
XML
    # shellcheck disable=SC2086,SC2012 # a pattern on purpose
    cp "$(ls $examples/hello.war | head -n 1)" "$server/agents/dropins/"
    install -m 644 "$project/server-config/systemd/agents.service" /etc/systemd/system/
    systemctl daemon-reload
    systemctl enable agents
}

start() {
    step "Start the server"
    systemctl is-active libvirtd.socket libvirtd
    systemctl start agents
    up
}

up() {
    await 600 "the server answers" curl -sSf -m 60 "$base/health/live"
    await 600 "the hypervisor was found" grep -q 'AGRT1001I' "$log"
    grep -h -E 'AGRT1001I|AGRT1010W' "$log" | tail -n 2
    holds "the probe's verdict is KVM, with its reason" grep -q 'AGRT1001I.*kvm: a probe VM booted under it' "$log"
    holds "CPU is metered by control groups" grep -q 'AGRT1001I.*CPU metered by control groups' "$log"
}

agent() {
    step "An agent becomes ready, on a base template made here"
    await 1500 "the agent hello is READY" ready || { get runtimes/hello; tail -n 40 "$log"; return 1; }
    grep -h -E 'AGRT1008I|AGRT1005W|AGRT1006W|AGRT1018W' "$log" || true
}

answer() {
    step "Two sessions answer"
    local reply vm
    for name in one two; do
        reply=$(invoke hello "$name" '{"prompt": "Ada"}')
        say "$reply"
        holds "session $name answers" grep -q Ada <<< "$reply"
    done
    say "$(session hello one)"
    domains
    for vm in $(domains | grep -- '-s'); do
        virsh dumpxml "$vm" > "/results/$vm.xml"
        holds "$vm is of type kvm" grep -q "<domain type='kvm'" "/results/$vm.xml"
        holds "$vm is confined" grep -q 'libvirt-.*(enforce)' "/proc/$(pgrep -f "guest=$vm,")/attr/current"
        holds "$vm has a slice of its own" grep -q "/machine-$vm.slice/" "/proc/$(pgrep -f "guest=$vm,")/cgroup"
    done
}

meter() {
    step "Meter: a session's CPU as the kernel of this host counts it, and after kill -9"
    # shellcheck disable=SC2086,SC2012 # a pattern on purpose
    cp "$(ls $examples/burner.war | head -n 1)" "$server/agents/dropins/"
    await 900 "the agent burner is READY" ready burner || return 0
    local vm used counted last
    invoke burner burn '{"seconds": 0.01, "mode": "sleep"}' > /dev/null
    vm=$(session burner burn | text vm)
    # The session rests after two seconds, and nothing is used between two readings.
    sleep 10
    used=$(session burner burn | number cpuSeconds) counted=$(burnt "$vm")
    invoke burner burn '{"seconds": 2, "mode": "burn"}'
    echo
    sleep 10
    grown "a burn of 2 s" "$used" "$(session burner burn | number cpuSeconds)" "$counted" "$(burnt "$vm")"
    used=$(session burner burn | number cpuSeconds) counted=$(burnt "$vm")
    invoke burner burn '{"seconds": 60, "mode": "burn"}' > /dev/null 2>&1 &
    sleep 15
    kill -s KILL "$(pgrep -f "guest=$vm,")"
    last=$counted
    while last=$(burnt "$vm" 2> /dev/null || true); [ -n "$last" ]; do counted_last=$last; done
    await 120 "the session has ended" eval 'session burner burn | grep -q Terminated' || true
    session burner burn
    echo
    grown "a session that was killed" "$used" "$(session burner burn | number cpuSeconds)" "$counted" "$counted_last"
    wait
    holds "its usage is exact by its own word" grep -q '"source":"cgroup"' <<< "$(session burner burn)"
    holds "its slice is gone" [ ! -e "$(slice_of "$vm")" ]
}

# WORDS, the usage before and after, the kernel's count before and after
grown() {
    local usage kernel
    usage=$(awk -v a="$3" -v b="$2" 'BEGIN { print a - b }') kernel=$(awk -v a="$5" -v b="$4" 'BEGIN { print a - b }')
    say "$1: the usage grew by $usage s, the slice's count by $kernel s"
    holds "both say the same, within 10 ms" near "$usage" "$kernel" 0.01
}

denials() {
    step "AppArmor"
    holds "nothing of ours was denied" eval '! journalctl -k --no-pager | grep "apparmor=\"DENIED\"" | tee /dev/stderr | grep -q .'
}

restart() {
    step "libvirtd is restarted and killed under live sessions"
    local before
    before=$(domains)
    systemctl restart libvirtd
    holds "a session answers after systemctl restart libvirtd" grep -q Ada <<< "$(invoke hello one '{"prompt": "Ada"}')"
    systemctl kill -s KILL libvirtd
    holds "a session answers after libvirtd was killed" grep -q Ada <<< "$(invoke hello two '{"prompt": "Ada"}')"
    await 60 "libvirtd answers again" virsh -q version
    holds "no VM has ended" [ "$(comm -23 <(sort <<< "$before") <(domains | sort))" = "" ]
}

again() {
    step "After a reboot"
    up
    await 600 "the agent hello is READY" ready
    holds "no template was made anew" eval '! grep -q AGRT1008I "$log"'
    holds "the session of before is closed with a reason" grep -q terminationReason <<< "$(session hello one)"
    session hello one
    echo
    holds "a new session answers" grep -q Ada <<< "$(invoke hello three '{"prompt": "Ada"}')"
}

end() {
    step "End: nothing is left"
    systemctl stop agents
    holds "no VM" [ -z "$(domains)" ]
    holds "no slice" [ -z "$(ls -d $slices/machine-agrt-*.slice/*.slice 2> /dev/null)" ]
    holds "no file in run" [ -z "$(find /var/lib/agent-runtime/run -name '*agrt*' -o -name 'libvirt-*')" ]
    holds "no memory in /dev/shm" [ -z "$(ls /dev/shm)" ]
    holds "no profile" [ -z "$(ls /etc/apparmor.d/libvirt | grep '^libvirt-')" ]
}

for action in "${@:-}"; do
    case $action in
    '') setup; start; agent; answer; restart; meter; denials; end ;;
    *) "$action" ;;
    esac
done
step "$([ $failed = 0 ] && echo 'all of it held' || echo "$failed things did not hold")"
[ "$failed" = 0 ]
