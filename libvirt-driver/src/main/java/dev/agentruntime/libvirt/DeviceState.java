package dev.agentruntime.libvirt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What QEMU loads into a VM, put together from what it gives out in two ways: a migration (the template's state), which begins with a
 * head that a loading QEMU checks, and {@code xen-save-devices-state}, which has no memory in it and no such head
 * (https://www.qemu.org/docs/master/devel/migration/main.html#stream-structure).
 */
final class DeviceState {

    /** Magic and version, which both have. */
    private static final int OPENING = 8;
    /** A section's kind and number, which come before its name. */
    private static final int BEFORE_NAME = 5;
    private static final int LONGEST_HEAD = 4096;
    private static final byte[] RAM = "\003ram".getBytes(StandardCharsets.US_ASCII);

    private DeviceState() {}

    /** @throws IOException one of them has another form, as that of a QEMU nobody has tried */
    static byte[] loadable(byte[] templateState, byte[] devices) throws IOException {
        int head = head(templateState);
        if (devices.length < OPENING || !Arrays.equals(templateState, 0, OPENING, devices, 0, OPENING)) {
            throw new IOException("QEMU wrote the devices in a form that is not known");
        }
        byte[] all = Arrays.copyOf(templateState, head + devices.length - OPENING);
        System.arraycopy(devices, OPENING, all, head, devices.length - OPENING);
        return all;
    }

    /** What comes before the first section, which is that of the memory. */
    private static int head(byte[] state) throws IOException {
        int last = Math.min(state.length - RAM.length, LONGEST_HEAD);
        for (int at = OPENING + BEFORE_NAME; at <= last; at++) {
            if (Arrays.equals(state, at, at + RAM.length, RAM, 0, RAM.length)) {
                return at - BEFORE_NAME;
            }
        }
        throw new IOException("the template's state has a form that is not known");
    }
}
