#!/usr/bin/env bash
# Prints the path of promtool, Prometheus' own checker of rules and metrics. Where it is not installed it is taken out of Debian's package into
# a folder, so that no Prometheus is installed or started. Prints nothing where there is neither: tests that want it are then skipped.
#
# usage: promtool.sh FOLDER
set -euo pipefail
folder=${1:?usage: promtool.sh FOLDER}

if command -v promtool; then exit; fi
if ! [ -x "$folder/promtool" ] && command -v apt-get dpkg-deb > /dev/null; then
    rm -rf "$folder.part"
    mkdir -p "$folder.part"
    # Root's downloads are otherwise done by a user who may not write here.
    if (cd "$folder.part" && timeout 120 apt-get download -qq -o APT::Sandbox::User=root -o Acquire::Retries=1 -o Acquire::http::Timeout=30 prometheus \
            && dpkg-deb --fsys-tarfile prometheus_*.deb | tar -x ./usr/bin/promtool) > /dev/null 2>&1; then
        mkdir -p "$folder"
        mv "$folder.part/usr/bin/promtool" "$folder/promtool"
    fi
    rm -rf "$folder.part"
fi
if [ -x "$folder/promtool" ]; then
    echo "$folder/promtool"
else
    echo "   promtool is missing (Debian: the package prometheus): tests of alert rules with it are skipped" >&2
fi
