#!/usr/bin/env bash
# Makes the disk of the test host: Debian 12 with systemd, AppArmor, libvirt and QEMU from Debian's packages, as a user
# installs them; a JDK 17 and an ordinary user named "agents". Needs root, for Debian's installer works in a chroot.
# Packages come from where apt takes them on this machine. One set of packages and one version of this file give one
# disk, kept in ${XDG_CACHE_HOME:-~/.cache}/agent-runtime/test-hosts; the two latest stay.
#
# usage: test-host-image.sh    prints the folder with disk.img, vmlinuz, initrd.img and key (of SSH, for root and agents)
set -euo pipefail
umask 022
readonly SUITE=bookworm
readonly SIZE=12G
readonly CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/agent-runtime/test-hosts
# What a Debian of one's own has before anything of ours: a kernel, AppArmor, logs, a network, SSH, a JDK.
readonly BASE="linux-image-amd64 initramfs-tools apparmor systemd systemd-sysv dbus udev kmod procps iproute2 less sudo
    openssh-server openjdk-17-jdk-headless logrotate ca-certificates zstd unzip curl tar"
# By the names that docs/host-setup.md and host-setup.sh give.
readonly OURS="qemu-system-x86 libvirt-daemon-system libvirt-clients"

say() { printf '[test-host] %s\n' "$*" >&2; }
fail() { say "error: $*"; exit 1; }

# Of the packages by which the disk would differ most.
versions() {
    # shellcheck disable=SC2086 # words on purpose
    apt-cache show --no-all-versions $BASE $OURS 2> /dev/null | grep -E '^(Package|Version):' | sort | uniq
}

mirror() {
    local site
    # shellcheck disable=SC2016 # apt's own placeholders
    site=$(apt-get indextargets --format '$(SITE) $(CODENAME) $(COMPONENT) $(CREATED_BY)' \
        | awk -v suite=$SUITE '$2 == suite && $3 == "main" && $4 == "Packages" { print $1; exit }')
    [ -n "$site" ] || fail "apt on this machine knows no Debian $SUITE (main); it needs one in /etc/apt/sources.list"
    echo "$site"
}

# Debian's installer, unpacked and not installed.
installer() {
    if command -v debootstrap > /dev/null; then echo debootstrap; return; fi
    (cd "$work" && apt-get download -qq debootstrap > /dev/null 2>&1 && dpkg -x debootstrap_*.deb installer) \
        || fail "the package debootstrap cannot be downloaded: run apt-get update, or install it"
    echo "$work/installer/usr/sbin/debootstrap"
}

inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root DEBIAN_FRONTEND=noninteractive "$@"; }

unmount() { ! mountpoint -q "$root/proc" || umount "$root/proc"; }

packages() {
    local site debootstrap
    site=$(mirror)
    debootstrap=$(installer)
    say "installing Debian $SUITE from packages; this takes some minutes, once"
    DEBOOTSTRAP_DIR=$(dirname "$debootstrap")/../share/debootstrap
    [ "$debootstrap" != debootstrap ] || DEBOOTSTRAP_DIR=/usr/share/debootstrap
    export DEBOOTSTRAP_DIR
    "$debootstrap" --variant=minbase "$SUITE" "$root" "$site" > "$work/log" 2>&1 || { tail -n 20 "$work/log" >&2; fail "debootstrap failed"; }
    # As apt reaches its packages on this machine; neither stays on the disk.
    apt-config dump | grep '^Acquire::' > "$root/etc/apt/apt.conf.d/99test-host" || true
    cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
    # Nothing may start while it is installed.
    printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"
    chmod 755 "$root/usr/sbin/policy-rc.d"
    # Only what a virtual disk needs: unpacking all that Debian has takes long under emulation.
    mkdir -p "$root/etc/initramfs-tools/conf.d"
    printf 'MODULES=list\nCOMPRESS=zstd\n' > "$root/etc/initramfs-tools/conf.d/test-host"
    mkdir -p "$root/etc/initramfs-tools"
    printf 'virtio_pci\nvirtio_blk\next4\n9pnet_virtio\n9p\n' > "$root/etc/initramfs-tools/modules"
    mount -t proc proc "$root/proc"
    # shellcheck disable=SC2086 # words on purpose
    { inside apt-get update && inside apt-get install -y --no-install-recommends $BASE \
        && inside apt-get install -y --no-install-recommends $OURS; } >> "$work/log" 2>&1 \
        || { tail -n 20 "$work/log" >&2; fail "packages could not be installed"; }
    inside apt-get clean
    unmount
    rm -rf "$root"/usr/sbin/policy-rc.d "$root"/etc/apt/apt.conf.d/99test-host "$root"/var/lib/apt/lists/*
    echo "deb http://deb.debian.org/debian $SUITE main" > "$root/etc/apt/sources.list"
}

configure() {
    echo test-host > "$root/etc/hostname"
    printf '127.0.0.1 localhost test-host\n::1 localhost\n' > "$root/etc/hosts"
    rm -f "$root/etc/resolv.conf"
    cat > "$root/etc/fstab" <<'TABLE'
/dev/vda / ext4 defaults 0 1
project /project 9p ro,trans=virtio,version=9p2000.L,msize=512000,nofail 0 0
results /results 9p rw,trans=virtio,version=9p2000.L,msize=512000,nofail 0 0
TABLE
    mkdir -p "$root/project" "$root/results" "$root/etc/systemd/network" "$root/etc/modules-load.d"
    printf '[Match]\nName=en*\n\n[Network]\nAddress=10.0.2.15/24\n' > "$root/etc/systemd/network/50-test-host.network"
    inside systemctl enable systemd-networkd ssh > /dev/null 2>&1
    # They would look for a network that is not there.
    inside systemctl mask apt-daily.timer apt-daily-upgrade.timer systemd-networkd-wait-online.service > /dev/null 2>&1
    inside useradd --create-home --shell /bin/bash agents
    ssh-keygen -q -t ed25519 -N '' -C test-host -f "$made/key"
    for home in root home/agents; do
        install -d -m 700 "$root/$home/.ssh"
        install -m 600 "$made/key.pub" "$root/$home/.ssh/authorized_keys"
    done
    inside chown -R agents:agents /home/agents/.ssh
    # Each disk's copy is a host of its own.
    : > "$root/etc/machine-id"
}

disk() {
    cp -L "$root"/boot/vmlinuz-* "$made/vmlinuz"
    cp -L "$root"/boot/initrd.img-* "$made/initrd.img"
    truncate -s "$SIZE" "$made/disk.img"
    mkfs.ext4 -q -F -d "$root" "$made/disk.img"
}

[ "$(id -u)" = 0 ] || fail "root is needed: Debian's installer works in a chroot"
command -v ssh-keygen > /dev/null || fail "ssh-keygen is missing: install openssh-client"
digest=$({ versions; cat "${BASH_SOURCE[0]}"; } | sha256sum | cut -c 1-24)
made=$CACHE/$digest
if [ ! -f "$made/complete" ]; then
    mkdir -p "$CACHE"
    exec 9> "$CACHE/.lock"
    flock 9
    if [ ! -f "$made/complete" ]; then
        rm -rf "$made"
        mkdir -p "$made"
        work=$(mktemp -d "$CACHE/.work.XXXXXX")
        root=$work/root
        trap 'unmount; rm -rf "$work"' EXIT
        packages
        configure
        disk
        touch "$made/complete"
        say "the disk takes $(du -sh "$made/disk.img" | cut -f1)"
    fi
fi
touch "$made"
# shellcheck disable=SC2012 # names are digests
(cd "$CACHE" && ls -1t | tail -n +3 | xargs -r rm -rf)
echo "$made"
