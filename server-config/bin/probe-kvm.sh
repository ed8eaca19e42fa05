#!/bin/sh
# Says whether KVM can really run a guest here: boots KERNEL (no disk, no network, no initrd) under KVM and waits for
# the kernel to get as far as looking for its root file system. /dev/kvm being there proves nothing: in some nested
# hosts it opens, creates a VM and then never runs one.
#
# usage: probe-kvm.sh KERNEL [EMULATOR [SECONDS]]
# prints one line, "kvm" or "tcg: REASON"; exits 0 for both and 2 for wrong usage.
set -u
kernel=${1:?usage: probe-kvm.sh KERNEL [EMULATOR [SECONDS]]}
emulator=${2:-qemu-system-x86_64}
seconds=${3:-8}

tcg() { echo "tcg: $*"; exit 0; }

[ -r "$kernel" ] || { echo "probe-kvm.sh: cannot read the kernel $kernel" >&2; exit 2; }
[ -e /dev/kvm ] || tcg "there is no /dev/kvm"
[ -r /dev/kvm ] && [ -w /dev/kvm ] || tcg "this user may not open /dev/kvm"

output=$( { timeout -s KILL "$seconds" "$emulator" -accel kvm -machine q35 -cpu host -m 256 -nodefaults -no-user-config \
    -display none -serial stdio -no-reboot -kernel "$kernel" -append 'console=ttyS0 panic=-1' 2>&1 </dev/null \
    | tr -d '\000\r' | tail -c 20000; } 2>/dev/null)
case $output in
    *'not syncing: VFS'*) echo kvm ;;
    *) last=$(printf '%s' "$output" | tail -n 1 | tr -cd '[:print:]' | cut -c 1-120)
       tcg "/dev/kvm is there, but a probe VM did not boot within $seconds s${last:+ (its last line: $last)}" ;;
esac
