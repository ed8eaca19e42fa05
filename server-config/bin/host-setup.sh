#!/usr/bin/env bash
# Installs what a host of agents needs (QEMU, libvirt, a few tools) and starts libvirtd where nothing else does.
# Run again at any time: what is there is left alone. Without root it installs nothing and says what is missing.
#
# usage: host-setup.sh [--tests|--long-tests]    --tests: what the tests need besides: PostgreSQL, which they start for themselves
#                                                --long-tests: and those of ./verify -Dlong: Chromium, 400 MB, where Debian carries it
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

say() { printf '   %s\n' "$*"; }

# command=package on the Debian family=package on the RHEL family
needs=(
    qemu-system-x86_64=qemu-system-x86=qemu-kvm
    libvirtd=libvirt-daemon-system=libvirt-daemon-driver-qemu
    virsh=libvirt-clients=libvirt-client
    zstd=zstd=zstd
    curl=curl=curl
)
case ${1:-} in
--tests | --long-tests) needs+=(initdb=postgresql=postgresql-server) ;;
'') ;;
*) echo "usage: host-setup.sh [--tests|--long-tests]" >&2; exit 2 ;;
esac
if [ "${1:-}" = --long-tests ] && command -v apt-get > /dev/null; then
    needs+=(chromium=chromium=chromium)
fi
# libvirtd-tcg.sh uses it where it starts libvirtd itself; the RHEL family does not carry it.
if [ "$(id -u)" = 0 ] && [ "$(cat /proc/1/comm)" != systemd ] && command -v apt-get > /dev/null; then
    needs+=(tini=tini=tini)
fi

has() {
    command -v "$1" > /dev/null || [ -x "/usr/sbin/$1" ] || { [ "$1" = qemu-system-x86_64 ] && [ -x /usr/libexec/qemu-kvm ]; } \
        || { [ "$1" = initdb ] && ls /usr/lib/postgresql/*/bin/initdb > /dev/null 2>&1; }
}

missing() { # 2: Debian names, 3: RHEL names
    for need in "${needs[@]}"; do
        has "${need%%=*}" || cut -d= -f"$1" <<< "$need"
    done
}

install_command() {
    if command -v apt-get > /dev/null; then
        echo "apt-get install -y --no-install-recommends $(missing 2 | tr '\n' ' ')"
    elif command -v dnf > /dev/null; then
        echo "dnf install -y $(missing 3 | tr '\n' ' ')"
    else
        echo "# with your package manager: $(missing 2 | tr '\n' ' ')"
    fi
}

if [ -n "$(missing 2)" ]; then
    command=$(install_command)
    if [ "$(id -u)" != 0 ]; then
        printf 'Missing on this host: %s\nInstall it, as root, and run this again:\n\n    %s\n\n' \
            "$(missing 2 | tr '\n' ' ')" "$command" >&2
        exit 1
    fi
    say "installing: $(missing 2 | tr '\n' ' ')"
    log=$(mktemp)
    if command -v apt-get > /dev/null; then
        apt-get update -qq > "$log" 2>&1 || true
        export DEBIAN_FRONTEND=noninteractive
    fi
    # shellcheck disable=SC2086 # the command is words on purpose
    $command >> "$log" 2>&1 || { tail -n 20 "$log" >&2; echo "This failed: $command" >&2; exit 1; }
    rm -f "$log"
fi

javac -version > /dev/null 2>&1 || { echo "A JDK 17 is needed on the PATH (Debian: apt-get install openjdk-17-jdk-headless)." >&2; exit 1; }

# Where AppArmor confines QEMU, its VMs may open what the driver names; see docs/host-setup.md.
apparmor() {
    local rules=/etc/apparmor.d/abstractions/agent-runtime local=/etc/apparmor.d/local/abstractions/libvirt-qemu
    [ -f /etc/apparmor.d/abstractions/libvirt-qemu ] || return 0
    cmp -s "$here/../apparmor/agent-runtime" "$rules" || { say "allowing VMs their files in $rules"; install -m 644 "$here/../apparmor/agent-runtime" "$rules"; }
    mkdir -p "${local%/*}"
    grep -q -s 'abstractions/agent-runtime' "$local" || printf '\n#include <abstractions/agent-runtime>\n' >> "$local"
}

if [ "$(id -u)" = 0 ]; then
    apparmor
    "$here/libvirtd-tcg.sh"
else
    virsh -q -c qemu:///session version > /dev/null || {
        echo "libvirt's user session does not answer: virsh -c qemu:///session version says why." >&2; exit 1; }
fi
