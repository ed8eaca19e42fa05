#!/usr/bin/env bash
# Prints a TCP port on which nothing listens on the loopback address now.
set -euo pipefail
for _ in $(seq 50); do
    port=$((20000 + RANDOM % 10000))
    (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null || { echo "$port"; exit; }
done
echo "free-port.sh: no free port" >&2
exit 1
