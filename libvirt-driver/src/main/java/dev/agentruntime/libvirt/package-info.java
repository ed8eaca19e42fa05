/** Drives virtual machines by libvirt and QEMU. The only package that knows either of them. */
package dev.agentruntime.libvirt;
