#!/bin/sh
# The first process of a bare VM. With serve=shell on the kernel's command line there is no multiplexer, no HTTP and no Java on
# its port; orders come from the host, a line each: "sink N" takes N blocks of 100000 bytes and says done, "source N" sends
# as many. With serve=multiplexer the guest's end of the product's multiplexer is there, in a JVM like the supervisor's.
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
# As the guest image's own init has it.
for module in virtio_ring virtio virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci virtio_console; do
  if [ -e /modules/$module.ko ]; then
    insmod /modules/$module.ko
  fi
done
echo never > /sys/kernel/mm/transparent_hugepage/enabled

port=
until [ -n "$port" ]; do
  sleep 0.1
  for name in /sys/class/virtio-ports/*/name; do
    if grep -qx agent "$name" 2>/dev/null; then
      folder=${name%/name}
      port=/dev/${folder##*/}
    fi
  done
done

if grep -q serve=multiplexer /proc/cmdline; then
  exec /jre/bin/java @/supervisor/supervisor.options -cp /bare-vm.jar:/supervisor/agent-supervisor.jar \
    dev.agentruntime.benchmarks.MuxGuest "$port"
fi

exec 3<>"$port"
echo "raw channel: serving $port"
while :; do
  if read -r order count <&3; then
    case $order in
      sink) busybox dd bs=100000 count="$count" iflag=fullblock of=/dev/null <&3 2>/dev/null; echo done >&3 ;;
      source) busybox dd bs=100000 count="$count" if=/dev/zero >&3 2>/dev/null ;;
    esac
  else
    # The port is at its end for as long as nobody is connected on the host.
    sleep 0.1
  fi
done
