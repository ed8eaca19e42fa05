#!/bin/sh
# Sees to it that libvirtd answers on qemu:///system. Safe to run again at any time; needs root only when it has
# something to do. With systemd it starts the services. Without (containers, minimal VMs) it starts the daemons itself
# and, only where a probe VM does not boot under KVM, hides /dev/kvm from libvirtd: libvirt would otherwise ask QEMU
# anew what it can do at every create, 30-50 s each.
#
# usage: libvirtd-tcg.sh [KERNEL]    KERNEL: a bzImage for the probe; default: the newest readable /boot/vmlinuz-*
set -eu
here=$(cd "$(dirname "$0")" && pwd)
say() { echo "libvirtd: $*"; }
emulator() { if [ -x /usr/libexec/qemu-kvm ]; then echo /usr/libexec/qemu-kvm; else echo qemu-system-x86_64; fi; }
# The user that libvirt's configuration names, else the one that the packages of Debian or RHEL make.
qemu_user() {
    for name in "$(sed -n 's/^user *= *"\([^"]*\)".*/\1/p' /etc/libvirt/qemu.conf 2> /dev/null | tail -n 1)" libvirt-qemu qemu; do
        [ -z "$name" ] || ! id "$name" > /dev/null 2>&1 || { echo "$(id -u "$name"):$(id -g "$name")"; return; }
    done
}
answers() { timeout 20 virsh -q -c qemu:///system version >/dev/null 2>&1; }

for tool in virsh libvirtd qemu-system-x86_64; do
    PATH=$PATH:/usr/sbin command -v $tool >/dev/null || [ -x /usr/libexec/qemu-kvm ] || {
        say "$tool is missing. Debian: apt-get install qemu-system-x86 libvirt-daemon-system libvirt-clients; RHEL: dnf install qemu-kvm libvirt"
        exit 1
    }
done
if answers; then say "answers already, nothing to do"; exit 0; fi
[ "$(id -u)" = 0 ] || { say "does not answer; run this as root, or use qemu:///session"; exit 1; }

if [ "$(cat /proc/1/comm)" = systemd ]; then
    say "starting it with systemctl"
    systemctl start virtlogd.socket 2>/dev/null || say "virtlogd.socket did not start; libvirtd starts virtlogd itself"
    systemctl start libvirtd || systemctl start virtqemud
else
    kernel=${1:-}
    [ -n "$kernel" ] || for candidate in /boot/vmlinuz-*; do [ -r "$candidate" ] && kernel=$candidate; done
    if [ ! -e /dev/kvm ]; then verdict="tcg: there is no /dev/kvm"
    elif [ -z "$kernel" ]; then verdict="tcg: no kernel to probe with, so KVM is not trusted; name one as the first argument"
    else verdict=$("$here/probe-kvm.sh" "$kernel" "$(emulator)" "$(qemu_user)"); fi
    say "KVM probe: $verdict"
    mkdir -p /run/libvirt
    export PATH="$PATH:/usr/sbin"
    pgrep -x virtlogd >/dev/null || virtlogd -d
    # libvirt calls a VM ended once its process has been reaped. Not every PID 1 does that, or not at once: tini does.
    reaper=$(command -v tini || true)
    [ -n "$reaper" ] || say "tini is missing: ending a VM may take as long as PID 1 takes to reap it"
    if [ "${verdict%% *}" = kvm ] || [ ! -e /dev/kvm ]; then
        say "starting it"
        setsid ${reaper:+"$reaper" -s --} libvirtd </dev/null >/dev/null 2>&1 &
    else
        # Mode 0600 matters: a node that QEMU's user can open (0666) makes libvirt believe KVM has become usable.
        say "starting it with /dev/kvm hidden, in a mount namespace of its own"
        cover=/run/agent-runtime-no-kvm
        [ -e "$cover" ] || mknod -m 600 "$cover" c 1 3
        # shellcheck disable=SC2016 # the inner shell expands them
        # File systems mounted later (slave) are seen in there too: the state directory may be one.
        setsid unshare -m --propagation slave sh -c 'mount --bind "$1" /dev/kvm && shift && exec "$@"' sh "$cover" \
            ${reaper:+"$reaper" -s --} libvirtd </dev/null >/dev/null 2>&1 &
    fi
fi
tries=0
until answers; do
    tries=$((tries + 1))
    [ $tries -lt 30 ] || { say "started, but does not answer; see /var/log/libvirt and the journal"; exit 1; }
    sleep 1
done
say "answers on qemu:///system"
