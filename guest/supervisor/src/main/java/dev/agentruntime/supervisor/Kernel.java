package dev.agentruntime.supervisor;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** The few calls into the guest's Linux that Java has no words for. All need root, which the supervisor is. */
final class Kernel {
    private static final int O_RDWR = 2;
    private static final int CLOCK_REALTIME = 0;
    private static final NativeLong RNDADDENTROPY = new NativeLong(0x40085203L);
    private static final NativeLong RNDRESEEDCRNG = new NativeLong(0x5207L);

    static {
        Native.register("c");
    }

    private Kernel() {
    }

    /** Mixes {@code seed} into the kernel's generator and makes it start anew from it. */
    static void reseed(byte[] seed) {
        try {
            // A descriptor of our own, closed below; the kernel copies the buffer during the call.
            int urandom = open("/dev/urandom", O_RDWR);
            try (Memory request = new Memory(8L + seed.length)) {
                request.setInt(0, seed.length * Byte.SIZE);
                request.setInt(4, seed.length);
                request.write(8, seed, 0, seed.length);
                ioctl(urandom, RNDADDENTROPY, request);
                ioctl(urandom, RNDRESEEDCRNG, Pointer.NULL);
            } finally {
                close(urandom);
            }
        } catch (LastErrorException e) {
            throw new GuestException("The kernel of the guest could not be reseeded: " + e.getMessage(), e);
        }
    }

    static void setClock(Instant time) {
        // A timespec of two 64-bit fields, which the kernel copies during the call.
        try (Memory timespec = new Memory(16)) {
            timespec.setLong(0, time.getEpochSecond());
            timespec.setLong(8, time.getNano());
            clock_settime(CLOCK_REALTIME, timespec);
        } catch (LastErrorException e) {
            throw new GuestException("The clock of the guest could not be set to " + time + ": " + e.getMessage(), e);
        }
    }

    static void setHostName(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        try {
            sethostname(bytes, new NativeLong(bytes.length));
        } catch (LastErrorException e) {
            throw new GuestException("The guest's host name could not be set to '" + name + "': " + e.getMessage(), e);
        }
    }

    /** Writes out what the kernel still holds back. */
    static native void sync();

    private static native int open(String path, int flags) throws LastErrorException;

    private static native int close(int descriptor) throws LastErrorException;

    private static native int ioctl(int descriptor, NativeLong request, Pointer argument) throws LastErrorException;

    private static native int clock_settime(int clock, Pointer timespec) throws LastErrorException;

    private static native int sethostname(byte[] name, NativeLong length) throws LastErrorException;
}
