#!/usr/bin/env bash
# Runs inside the test host: installs the product as docs/host-setup.md says, has agents answer in VMs of their own, and
# looks at each thing that a host with KVM, systemd, control groups version 2 and AppArmor does differently. Ends with 0
# when all of it held. test-host.sh check runs it, as root and then as an ordinary user.
#
# usage: test-host-check.sh STEP…
#   as root          setup start agent answer clock restart meter apart denials; after a reboot of the host: again denials end
#   then, as root    ordinary: gives the user "agents" what an administrator has to give
#   as that user     setup start agent answer clock meter end
set -euo pipefail
project=/project
release=${RELEASE:-$project/server-config/target/server-config-0.1.0.zip}
results=/results
here=$(cd "$(dirname "$0")" && pwd)
base=http://localhost:9080
slices=/sys/fs/cgroup/machine.slice/machine-agrt.slice
if [ "$(id -u)" = 0 ]; then
    home=/opt state=/var/lib/agent-runtime tokens=$results/tokens xmls=$results
    export LIBVIRT_DEFAULT_URI=qemu:///system
else
    home=$HOME state=${XDG_STATE_HOME:-$HOME/.local/state}/agent-runtime tokens=$HOME/tokens xmls=$HOME
    export LIBVIRT_DEFAULT_URI=qemu:///session
fi
server=$home/wlp/usr/servers/agentserver
log=$server/logs/messages.log
failed=0

step() { printf '\n== %s (%d s)\n' "$*" $SECONDS; }
say() { printf '   %s\n' "$*"; }
fails() { say "FAILS: $*"; failed=$((failed + 1)); }
holds() { # WORDS COMMAND…
    local words=$1
    shift
    if "$@"; then say "holds: $words"; else fails "$words"; fi
}
# An emulated host on a busy machine is slow: the limits are there to end at all.
await() { # SECONDS WORDS COMMAND…
    local limit=$1 words=$2 began=$SECONDS
    shift 2
    until "$@" > /dev/null 2>&1; do
        [ $((SECONDS - began)) -lt "$limit" ] || { fails "$words, not within $limit s"; return 1; }
        sleep 1
    done
    say "$words after $((SECONDS - began)) s"
}
not() { ! "$@"; }
differ() { [ $# = 2 ] && [ "$1" != "$2" ]; }
root() { [ "$(id -u)" = 0 ]; }

id_of() { echo "$1-00000000000000000000000000000001"; }
as() { # PERSON METHOD PATH
    curl -sS -m 600 -X "$2" -H "Authorization: Bearer $(cat "$tokens/$1.token")" "$base/agents/$3"
}
invoke() { # AGENT SESSION BODY [OPTION…]
    local agent=$1 id body=$3
    id=$(id_of "$2")
    shift 3
    curl -sS -m 900 -X POST -H "Authorization: Bearer $(cat "$tokens/alice.token")" -H 'Content-Type: application/json' \
        -H "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id: $id" -d "$body" "$@" "$base/agents/runtimes/$agent/invocations"
}
# Asks again, as callers are told to, where libvirtd on a busy host has not answered within 10 s.
ask() { invoke "$@" --retry 20 --retry-delay 5 2> /dev/null; }
session() { as admin GET "runtimes/$1/sessions/$(id_of "$2")"; }
finish() { as alice DELETE "runtimes/$1/sessions/$(id_of "$2")"; }
ready() { [ "$(as admin GET "runtimes/$1" | text status)" = READY ]; }
number() { sed -n "s/.*\"$1\":\([0-9.E-]*\).*/\1/p"; }
text() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }

domains() { virsh -q list --name | grep . || true; }
process() { pgrep -f "guest=$1," | head -n 1; }
uuid() { sed -n 's:.*<uuid>\(.*\)</uuid>.*:\1:p' "$xmls/$1.xml"; }
slice_of() { echo "$slices/machine-agrt-$(echo "$1" | cut -d- -f2).slice/machine-$1.slice"; }
# What this host's kernel has counted for a session: the session's slice, or for an ordinary user its QEMU.
burnt() {
    if root; then awk '/^usage_usec/ { print $2 / 1e6 }' "$(slice_of "$1")/cpu.stat"
    else awk '{ print ($14 + $15) / 100 }' "/proc/$(process "$1")/stat"; fi
}
near() { awk -v a="$1" -v b="$2" -v by="$3" 'BEGIN { d = a - b; exit !(d <= by && -d <= by) }'; }
minus() { awk -v a="$1" -v b="$2" 'BEGIN { print a - b }'; }
agent_war() { install -m 644 "$1" "$server/agents/dropins/"; }

setup() {
    step "Install, as docs/host-setup.md says"
    [ -c /dev/kvm ] || { say "FAILS: there is no /dev/kvm"; exit 1; }
    "$here/host-setup.sh"
    unzip -q -o "$release" -d "$home"
    mkdir -p "$server/configDropins/overrides" "$server/agents/dropins"
    cat > "$server/configDropins/overrides/check.xml" <<XML
<server>
    <variable name="mp.jwt.verify.issuer" value="http://localhost/quickstart"/>
    <variable name="mp.jwt.verify.audiences" value="agent-runtime"/>
    <variable name="mp.jwt.verify.publickey.location" value="file://$tokens/tokens.pem"/>
    <agentRuntime onStop="end" poolMax="1" startTimeout="2h" idleTimeout="6h"/>
</server>
XML
    agent_war "$project/examples/hello/target/hello.war"
    root || return 0
    install -m 644 "$here/../systemd/agents.service" /etc/systemd/system/
    systemctl daemon-reload
    systemctl enable agents
}

start() {
    step "Start the server"
    if root; then
        systemctl is-active libvirtd.socket libvirtd || true
        systemctl start agents
    else
        "$home/wlp/bin/server" start agentserver
    fi
    up
}

up() {
    await 3000 "the server answers" curl -sSf -m 60 "$base/health/live"
    await 3000 "the hypervisor was found" grep -q 'AGRT1001I' "$log"
    grep -h -E 'AGRT1001I|AGRT1010W' "$log" | tail -n 2
    holds "the probe's verdict is KVM, with its reason" grep -q 'AGRT1001I.*kvm: a probe VM booted under it' "$log"
    ! root || holds "CPU is metered by control groups" grep -q 'AGRT1001I.*CPU metered by control groups' "$log"
}

agent() {
    step "An agent becomes ready, on a base template made here"
    await 6000 "the agent hello is READY" ready hello || { as admin GET runtimes/hello; tail -n 40 "$log"; exit 1; }
    grep -h -E 'AGRT1008I|AGRT1005W|AGRT1006W|AGRT1018W' "$log" || true
}

# The VM of a session, looked at from outside.
looked_at() {
    local vm
    vm=$(session "$1" "$2" | text vm)
    virsh dumpxml "$vm" > "$xmls/$vm.xml"
    virsh -q domid "$vm" > "$xmls/$vm.id"
    holds "$vm is of type kvm" grep -q "<domain type='kvm'" "$xmls/$vm.xml"
    root || return 0
    holds "$vm is confined" grep -q "libvirt-$(uuid "$vm") (enforce)" "/proc/$(process "$vm")/attr/current"
    holds "$vm has a slice of its own" grep -q "/machine-$vm.slice/" "/proc/$(process "$vm")/cgroup"
}

answer() {
    step "Two sessions answer"
    local reply
    for name in one two; do
        reply=$(ask hello "$name" '{"prompt": "Ada"}')
        say "$reply"
        holds "session $name answers" grep -q Ada <<< "$reply"
        looked_at hello "$name"
    done
    say "$(session hello one)"
}

# SESSION: one call without any program of its own, which would take longer than the call. Sets reply, and when the call was sent and when
# its answer began, in ms.
look() {
    local link line
    exec {link}<> /dev/tcp/localhost/9080
    line="POST /agents/runtimes/clock/invocations HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer $(cat "$tokens/alice.token")\r\n"
    line+="X-Amzn-Bedrock-AgentCore-Runtime-Session-Id: $(id_of "$1")\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
    sent=${EPOCHREALTIME//[.,]/}
    printf "$line%b" 'Connection: close\r\n\r\n{}' >&"$link"
    read -r line <&"$link"
    began=${EPOCHREALTIME//[.,]/}
    reply=$(grep -a millis <&"$link")
    exec {link}>&-
    sent=$((sent / 1000)) began=$((began / 1000 + 1))
}

# WORDS SESSION: its guest's wall clock is within 100 ms of the host's. Each look says between which two figures it is off; what all of
# them allow is looked at.
clock_within() {
    local sent began reply low=-999999 high=999999 millis looks=0
    while [ $((looks += 1)) -le 40 ] && { [ $((high - low)) -gt 100 ] || [ $looks -le 5 ]; }; do
        look "$2"
        millis=$(number millis <<< "$reply")
        [ "$(number wallBackMillis <<< "$reply")$(number monotonicBackMillis <<< "$reply")" = 00 ] || fails "$1 a clock goes back: $reply"
        [ $((millis + 1 - sent)) -ge "$high" ] || high=$((millis + 1 - sent))
        [ $((millis - began)) -le "$low" ] || low=$((millis - began))
    done
    say "$1: $((looks - 1)) looks, the last $reply"
    holds "$1 the guest's clock is within 100 ms of the host's, and goes back in no look: $low to $high ms" [ "$low" -ge -100 -a "$high" -le 100 ]
}

clock() {
    step "Clocks and draws: after a clone, and after a pause of a minute"
    agent_war "$results/clock.war"
    await 6000 "the agent clock is READY" ready clock || return 0
    local vm reply name draws='' kernel_draws=''
    for name in left right; do
        reply=$(ask clock "$name" '{}')
        say "$(session clock "$name")"
        draws+="$(text draw <<< "$reply") " kernel_draws+="$(text kernelDraw <<< "$reply") "
        clock_within "after the clone $name" "$name"
    done
    holds "two clones draw different numbers: $draws" differ $draws
    holds "two clones' kernels do: $kernel_draws" differ $kernel_draws
    looked_at clock left
    holds "the guest's clock is kvm-clock" [ "$(text source <<< "$reply")" = kvm-clock ]
    vm=$(session clock left | text vm)
    await 300 "$vm is paused" eval '[ "$(virsh -q domstate "$vm")" = paused ]' || return 0
    sleep 60
    holds "it is paused still" [ "$(virsh -q domstate "$vm")" = paused ]
    reply=$(ask clock left '{}')
    say "$reply"
    holds "after a minute's pause no clock goes back" [ "$(number wallBackMillis <<< "$reply")$(number monotonicBackMillis <<< "$reply")" = 00 ]
    holds "after a minute's pause nothing stands still for 5 s" [ "$(number stallMillis <<< "$reply")" -lt 5000 ]
    clock_within "after a minute's pause" left
    finish clock left > /dev/null
    finish clock right > /dev/null
    nothing_of "$vm"
}

# What is left of a VM, by its name, its UUID or libvirt's number of it.
left_of() {
    local vm=$1 uuid number
    uuid=$(uuid "$vm") number=$(cat "$xmls/$vm.id")
    {
        virsh -q list --all --name | grep -F "$vm"
        pgrep -a -f "guest=$vm,"
        systemctl list-units --all --plain --no-legend | grep -F -e "$vm" -e "machine-qemu\\x2d$number\\x2d"
        find /sys/fs/cgroup -name "*$vm*" -o -name "*-qemu?x2d$number?x2d*"
        find "$state/run" "$state/templates" /dev/shm /run/libvirt /var/lib/libvirt/qemu /var/log/libvirt /etc/apparmor.d/libvirt \
            ~/.cache/libvirt ~/.config/libvirt "${XDG_RUNTIME_DIR:-/none}" \
            \( -name "*$vm*" -o -name "*$uuid*" -o -name "domain-$number-*" \) 2> /dev/null
        ss -xlH | grep -F -e "$vm" -e "$uuid"
        ! root || grep -F "$uuid" /sys/kernel/security/apparmor/profiles
    } || true
}

nothing_of() {
    local began=$SECONDS found
    while found=$(left_of "$1") && [ -n "$found" ] && [ $((SECONDS - began)) -lt 30 ]; do sleep 1; done
    [ -z "$found" ] || say "$found"
    holds "nothing is left of $1 (looked for $((SECONDS - began)) s)" [ -z "$found" ]
}

meter() {
    step "Meter: a session's CPU as the kernel of this host counts it, and after kill -9"
    agent_war "$project/examples/burner/target/burner.war"
    await 6000 "the agent burner is READY" ready burner || return 0
    local vm used counted last now
    ask burner burn '{"seconds": 0.01, "mode": "sleep"}' > /dev/null
    looked_at burner burn
    vm=$(session burner burn | text vm)
    for order in '{"seconds": 2, "mode": "burn"}' '{"seconds": 5, "mode": "sleep"}'; do
        # Nothing is used between two readings of a session that is paused.
        paused "$vm"
        used=$(session burner burn | number cpuSeconds) counted=$(burnt "$vm")
        say "$(invoke burner burn "$order")"
        paused "$vm"
        grown "$order" "$used" "$(session burner burn | number cpuSeconds)" "$counted" "$(burnt "$vm")"
    done
    used=$(session burner burn | number cpuSeconds) counted=$(burnt "$vm") last=$(burnt "$vm")
    invoke burner burn '{"seconds": 60, "mode": "burn"}' > "$xmls/killed" 2>&1 &
    sleep 15
    kill -s KILL "$(process "$vm")"
    # Its slice is there until the last reading is taken.
    while root && now=$(burnt "$vm" 2> /dev/null) && [ -n "$now" ]; do last=$now; done
    await 600 "the session has ended" eval 'session burner burn | grep -q Terminated' || return 0
    say "$(session burner burn)"
    say "its caller was told: $(cat "$xmls/killed")"
    if root; then
        grown "killed under a burn" "$used" "$(session burner burn | number cpuSeconds)" "$counted" "$last"
        holds "its usage is exact by its own word" grep -q '"source":"cgroup"' <<< "$(session burner burn)"
    else
        holds "its usage is not said to be exact" grep -q '"source":"hypervisor"' <<< "$(session burner burn)"
    fi
    nothing_of "$vm"
}

paused() { await 300 "$1 is paused" eval "[ \"\$(virsh -q domstate $1)\" = paused ]" > /dev/null; }

# WORDS, the usage before and after, the kernel's count before and after
grown() {
    local usage kernel
    usage=$(minus "$3" "$2") kernel=$(minus "$5" "$4")
    say "$1: the usage grew by $usage s, the kernel's count by $kernel s"
    # A process's figures come in hundredths of a second.
    holds "both say the same" near "$usage" "$kernel" "$(if root; then echo 0.01; else echo 0.05; fi)"
}

# VM OTHER: a QEMU in the profile of VM maps the memory file of OTHER. What it says goes through a pipe: no other file of its is allowed.
maps() {
    local file
    file=$state/run/$(echo "$1" | cut -d- -f2)/libvirt-$(uuid "$2").ram
    [ -f "$file" ] || { say "there is no $file"; return 2; }
    said=$(printf 'quit\n' | aa-exec -p "libvirt-$(uuid "$1")" -- qemu-system-x86_64 -machine q35,memory-backend=m -nodefaults -display none -S -accel tcg \
        -m 1024 -object "memory-backend-file,id=m,size=1G,mem-path=$file,share=off" -monitor stdio 2>&1)
}

apart() {
    step "AppArmor: a QEMU reads no other session's files"
    local one two said=
    one=$(session hello one | text vm) two=$(session hello two | text vm)
    holds "a QEMU in the profile of $one maps the memory file of $one" maps "$one" "$one"
    holds "it does not map that of $two" eval 'not maps "$one" "$two" && grep -q "Permission denied" <<< "$said"'
    say "$said"
    journalctl -k --no-pager | grep 'apparmor="DENIED"' | grep -F "$(uuid "$two")" > "$results/denied" || true
    holds "the kernel has denied it" [ -s "$results/denied" ]
}

denials() {
    step "AppArmor: the product's own way"
    local denied
    # What apart has tried is no way of the product's.
    denied=$(journalctl -k --no-pager | grep 'apparmor="DENIED"' | grep -v -F -f <(cat "$results/denied" 2> /dev/null || echo 'denied on purpose') || true)
    [ -z "$denied" ] || say "$denied"
    holds "nothing was denied" [ -z "$denied" ]
}

restart() {
    step "libvirtd is restarted and killed under live sessions"
    local before
    before=$(domains)
    systemctl restart libvirtd
    holds "a session answers after systemctl restart libvirtd" grep -q Ada <<< "$(ask hello one '{"prompt": "Ada"}')"
    systemctl kill -s KILL libvirtd
    holds "a session answers after libvirtd was killed" grep -q Ada <<< "$(ask hello two '{"prompt": "Ada"}')"
    await 300 "libvirtd answers again" virsh -q version
    holds "no VM of a session has ended" [ "$(comm -23 <(sort <<< "$before") <(domains | sort) | grep -- '-s' || true)" = "" ]
    holds "a new session begins" grep -q Ada <<< "$(ask hello late '{"prompt": "Ada"}')"
}

again() {
    step "After a reboot"
    up
    await 3000 "the agent hello is READY" ready hello
    grep -h -E 'AGRT0|AGRT1' "$log" | cut -c 1-300 || true
    holds "no base template was made anew" not grep -q 'AGRT1008I: The base template' "$log"
    for name in one two; do
        say "$(session hello "$name")"
        holds "session $name is closed with a reason" grep -q '"status":"Terminated".*"terminationReason":"..*"' <<< "$(session hello "$name")"
    done
    holds "a new session answers" grep -q Ada <<< "$(ask hello three '{"prompt": "Ada"}')"
}

end() {
    step "End: nothing is left"
    if root; then systemctl stop agents; else "$home/wlp/bin/server" stop agentserver; fi
    holds "no VM" [ -z "$(domains)" ]
    ! root || holds "no slice" [ -z "$(ls -d $slices/machine-agrt-*.slice/*.slice 2> /dev/null)" ]
    holds "no file in run" [ -z "$(find "$state/run" -name 'agrt-*' -o -name 'libvirt-*')" ]
    holds "no memory in /dev/shm" [ -z "$(find /dev/shm -name '*agrt*')" ]
    ! root || holds "no profile" [ -z "$(find /etc/apparmor.d/libvirt -name 'libvirt-*')" ]
}

ordinary() {
    step "What an ordinary user is given"
    usermod -a -G kvm agents
    loginctl enable-linger agents
    install -d -m 700 -o agents -g agents /home/agents/tokens
    install -m 600 -o agents -g agents "$tokens"/* /home/agents/tokens/
}

[ $# -gt 0 ] || { sed -n 's/^# usage/usage/p' "$0"; exit 2; }
for action in "$@"; do "$action"; done
step "$([ $failed = 0 ] && echo 'all of it held' || echo "$failed things did not hold")"
[ "$failed" = 0 ]
