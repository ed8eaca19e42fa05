package dev.agentruntime.supervisor;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.io.File;
import java.io.IOException;
import java.util.Arrays;

/** A pseudo terminal of the kernel's, of which this is the side of whoever sits before it. One thread reads while another writes. */
final class Terminal implements AutoCloseable {
    private static final String MULTIPLEXER = "/dev/ptmx";
    private static final int O_RDWR = 2;
    private static final int O_NOCTTY = 0x100;
    private static final int O_CLOEXEC = 0x80000;
    private static final NativeLong TIOCSPTLCK = new NativeLong(0x40045431L);
    private static final NativeLong TIOCGPTN = new NativeLong(0x80045430L);
    private static final NativeLong TIOCSWINSZ = new NativeLong(0x5414L);
    /** What the kernel says when nobody has the other side open any more. */
    private static final int EIO = 5;
    /** A signal came in between, which says nothing about the terminal. */
    private static final int EINTR = 4;
    private static final int CLOSED = -1;

    private final Object writing = new Object();
    private final File slave;
    private int master;

    private Terminal(int master, File slave) {
        this.master = master;
        this.slave = slave;
    }

    /** @throws IOException the kernel has none left */
    static Terminal open() throws IOException {
        try {
            int master = Calls.open(MULTIPLEXER, O_RDWR | O_NOCTTY | O_CLOEXEC);
            try (Memory number = new Memory(4)) {
                number.setInt(0, 0);
                // The kernel reads, or writes, four bytes during each call.
                Calls.ioctl(master, TIOCSPTLCK, number);
                Calls.ioctl(master, TIOCGPTN, number);
                return new Terminal(master, new File("/dev/pts/" + number.getInt(0)));
            } catch (LastErrorException e) {
                Calls.close(master);
                throw e;
            }
        } catch (LastErrorException e) {
            throw new IOException("no terminal can be had: " + e.getMessage(), e);
        }
    }

    /** What a program opens that runs on it. */
    File slave() {
        return slave;
    }

    /** Sets its size; what runs on it is told. */
    synchronized void resize(int columns, int rows) {
        if (master == CLOSED) {
            return;
        }
        // A winsize of four shorts, which the kernel copies during the call.
        try (Memory size = new Memory(8)) {
            size.setShort(0, (short) rows);
            size.setShort(2, (short) columns);
            size.setInt(4, 0);
            Calls.ioctl(master, TIOCSWINSZ, size);
        } catch (LastErrorException e) {
            throw new GuestException("The terminal could not be made " + columns + "x" + rows + ": " + e.getMessage(), e);
        }
    }

    /**
     * Blocks until there is something to read.
     *
     * @return the number of bytes, or -1 when nobody has the other side open any more
     */
    int read(byte[] buffer) throws IOException {
        while (true) {
            try {
                int count = Calls.read(descriptor(), buffer, new NativeLong(buffer.length)).intValue();
                return count == 0 ? -1 : count;
            } catch (LastErrorException e) {
                if (e.getErrorCode() == EIO) {
                    return -1;
                }
                if (e.getErrorCode() != EINTR) {
                    throw new IOException("the terminal cannot be read: " + e.getMessage(), e);
                }
            }
        }
    }

    /** Writes what was typed. Blocks while nobody reads it, until nobody has the other side open any more. */
    void write(byte[] bytes) throws IOException {
        synchronized (writing) {
            byte[] rest = bytes;
            while (rest.length > 0) {
                rest = Arrays.copyOfRange(rest, written(rest), rest.length);
            }
        }
    }

    /** How much of it. */
    private int written(byte[] bytes) throws IOException {
        try {
            return Calls.write(descriptor(), bytes, new NativeLong(bytes.length)).intValue();
        } catch (LastErrorException e) {
            if (e.getErrorCode() == EINTR) {
                return 0;
            }
            throw new IOException("the terminal takes nothing: " + e.getMessage(), e);
        }
    }

    private synchronized int descriptor() throws IOException {
        if (master == CLOSED) {
            throw new IOException("the terminal is closed");
        }
        return master;
    }

    /** For when nobody has the other side open any more, and by the thread that reads. Idempotent. */
    @Override
    public void close() {
        // Whoever writes would else write into what gets this descriptor next.
        synchronized (writing) {
            synchronized (this) {
                if (master != CLOSED) {
                    Calls.close(master);
                    master = CLOSED;
                }
            }
        }
    }

    /** Apart, so that nothing is loaded in a guest that has no terminals. */
    private static final class Calls {
        static {
            Native.register("c");
        }

        static native int open(String path, int flags) throws LastErrorException;

        static native int close(int descriptor) throws LastErrorException;

        static native int ioctl(int descriptor, NativeLong request, Pointer argument) throws LastErrorException;

        static native NativeLong read(int descriptor, byte[] buffer, NativeLong length) throws LastErrorException;

        static native NativeLong write(int descriptor, byte[] buffer, NativeLong length) throws LastErrorException;
    }
}
