#!/bin/sh
# Says whether KVM can really run a guest here, and with which processor model: boots KERNEL (no disk, no network, no
# initrd) under KVM and waits for the kernel to get as far as looking for its root file system. /dev/kvm being there
# proves nothing: in some nested hosts it opens, creates a VM and then never runs one.
#
# usage: probe-kvm.sh KERNEL [EMULATOR [UID:GID [MODEL]]]
#   UID:GID  the user that VMs run as, where root asks; its rights on /dev/kvm are what counts
#   MODEL    a model such as "host" or "host,-arch-capabilities"; without it "host" is tried, then "host" without the
#            features that KVM refuses, then models that nearly every processor has
# prints one line, "kvm MODEL SECONDS: HOW" or "tcg: REASON"; exits 0 for both and 2 for wrong usage.
#
# Nobody knows how fast the host is, or how busy. So QEMU's own start is timed first, and a guest may be silent for 10 s
# and twenty times as long as that took; one that goes on talking may take five times as long in all.
# shellcheck disable=SC2086 # $as and $pc are words on purpose
set -u
kernel=${1:?usage: probe-kvm.sh KERNEL [EMULATOR [UID:GID [MODEL]]]}
emulator=${2:-qemu-system-x86_64}
user=${3:-}
asked=${4:-}
# For tests only: another device, and a shorter wait.
device=${AGRT_PROBE_DEVICE:-/dev/kvm}
patience=${AGRT_PROBE_SECONDS:-10}
MODELS='Nehalem qemu64'

tcg() { echo "tcg: $*"; exit 0; }

[ -r "$kernel" ] || { echo "probe-kvm.sh: cannot read the kernel $kernel" >&2; exit 2; }

# Words before a command that make it the user's; not a function, whose $! would be a shell's and not QEMU's.
as=
who='this user'
if [ -n "$user" ] && [ "$(id -u)" = 0 ] && [ "${user%%:*}" != 0 ]; then
    name=$(getent passwd "${user%%:*}" | cut -d: -f1)
    who="the user that VMs run as, ${name:-uid ${user%%:*}},"
    groups=--clear-groups
    [ -z "$name" ] || groups=--init-groups
    as="setpriv --reuid=${user%%:*} --regid=${user##*:} $groups"
fi
[ -e "$device" ] || tcg "there is no $device: the module kvm_intel or kvm_amd is not loaded, the firmware does not allow" \
    "virtualization, or a hypervisor below does not allow it to be nested"
$as test -r "$device" && $as test -w "$device" || tcg "$who may not open $device ($(stat -c '%A %U:%G' "$device")):" \
    "give it mode 0660 and the group kvm, and that user the group"

work=$(mktemp -d) || exit 2
pid=
trap '[ -z "$pid" ] || kill -s KILL "$pid" 2> /dev/null; rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
chmod 711 "$work"
# The folder of the image may be closed to the user that VMs run as.
cp "$kernel" "$work/kernel" && chmod 644 "$work/kernel" || exit 2

now() { date +%s%N | cut -c 1-13; }
pc='-machine q35 -m 256 -nodefaults -no-user-config -display none'

# boot MODEL: booted, failed (QEMU ended) or stalled in $outcome; $took in s.
boot() {
    : > "$work/console"
    : > "$work/errors"
    began=$(now)
    heard=$began
    size=0
    outcome=
    $as "$emulator" $pc -accel kvm -cpu "$1" -serial stdio -no-reboot -kernel "$work/kernel" \
        -append 'console=ttyS0 panic=-1' < /dev/null > "$work/console" 2> "$work/errors" &
    pid=$!
    while [ -z "$outcome" ]; do
        sleep 0.1
        # The end is looked for before the output is read: nothing comes after it.
        if kill -s 0 "$pid" 2> /dev/null; then alive=yes; else alive=; fi
        grew=$(cat "$work/console" "$work/errors" | wc -c)
        at=$(now)
        [ "$grew" = "$size" ] || { heard=$at; size=$grew; }
        if grep -q 'not syncing: VFS' "$work/console"; then outcome=booted
        elif [ -z "$alive" ]; then outcome=failed
        elif [ $((at - heard)) -ge "$limit" ] || [ $((at - began)) -ge $((limit * 5)) ]; then outcome=stalled; fi
    done
    { kill -s KILL "$pid"; wait "$pid"; } 2> /dev/null
    pid=
    took=$(((at - began + 500) / 1000))
}

clean() { tr -d '\000\r' | tr -c '[:print:]\n' ' ' | sed 's/^ *//; s/ *$//' | cut -c 1-160; }

# The first line that names a cause, for what follows it are only consequences; else the guest's last word.
cause() {
    { clean < "$work/errors" | grep -v '^$' | grep -v -i 'warning:' | head -n 1
      clean < "$work/console" | grep -E -i 'panic|error|BUG:|Oops|unable to' | head -n 1
      clean < "$work/errors" | grep -v '^$' | head -n 1
      clean < "$work/console" | grep -v '^$' | tail -n 1; } | head -n 1
}

# What to leave out so that KVM need not set the register that it refused. Names as libvirt has them.
feature() {
    case $(sed -n 's/.*failed to [sg]et MSR \(0x[0-9a-f]*\).*/\1/p' "$work/errors" | head -n 1) in
        0x10a | 0x122) echo arch-capabilities ;;
        0x345) echo pdcm ;;
        0x3a | 0x48[0-9a-f] | 0x49[01]) echo vmx ;;
        0x3b) echo tsc_adjust ;;
        0x48 | 0x49) echo spec-ctrl ;;
        0xe1) echo waitpkg ;;
        0xcf) echo core-capability ;;
        0xd90) echo mpx ;;
        0xda0) echo xsaves ;;
        0xc0000103) echo rdtscp ;;
        0xc0000104 | 0xc001011[47]) echo svm ;;
        0xc[1-8] | 0x18[6-9a-d] | 0x309 | 0x30[a-c] | 0x38[d-f] | 0x390 | 0xc001020[0-9ab]) echo pmu ;;
    esac
}

# How QEMU's command line leaves a feature out; it has an option of its own for the performance counters.
option() { echo "$1" | sed 's/,-pmu/,pmu=off/g'; }

began=$(now)
printf 'quit\n' | timeout -s KILL 60 "$emulator" $pc -accel tcg -S -monitor stdio > /dev/null 2>&1 || true
limit=$((patience * 1000 + ($(now) - began) * 20))
[ $limit -le 120000 ] || limit=120000

model=${asked:-host}
before=
while :; do
    boot "$(option "$model")"
    [ "$outcome" != booted ] || break
    said=$(cause)
    case $outcome in
        failed) said="QEMU ended with -cpu $(option "$model"): ${said:-it said nothing}" ;;
        stalled) said="a guest with -cpu $(option "$model") stood still for $took s, of which $((limit / 1000)) s may pass in silence${said:+: $said}" ;;
    esac
    before=${before:-$said}
    [ -z "$asked" ] || break
    dropped=$(feature)
    case ,$model, in
        *",-$dropped,"*) dropped= ;;
    esac
    if [ "$outcome" = failed ] && [ -n "$dropped" ] && [ "${model%%,*}" = host ]; then
        model=$model,-$dropped
    else
        # A guest that stands still with one model seldom runs with another, and each takes its time: one more.
        [ "$outcome" = failed ] || MODELS=${MODELS%% *}
        [ -n "$MODELS" ] || break
        model=${MODELS%% *}
        case $MODELS in *' '*) MODELS=${MODELS#* } ;; *) MODELS= ;; esac
    fi
done
[ "$outcome" = booted ] || tcg "$device is there, but no guest runs under it: $before"
echo "kvm $model $took: a probe VM booted under it in $took s${before:+, after this: $before}"
