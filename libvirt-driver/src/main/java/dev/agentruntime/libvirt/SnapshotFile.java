package dev.agentruntime.libvirt;

import dev.agentruntime.spi.NoDiskRoomException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;
import java.util.function.BooleanSupplier;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * A VM's devices and the pages that are its own, sealed in a file under a key that is not in it.
 *
 * @param file the file
 * @param key  opens it
 */
record SnapshotFile(Path file, SecretKey key) {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int KEY_BYTES = 32;
    /** A VM of ours has some 350 KiB. */
    static final int LARGEST_DEVICES = 16 << 20;
    private static final long END = -1;
    private static final Set<StandardOpenOption> ANEW = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    private static final FileAttribute<?> OWNERS_ONLY = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** With a key that nothing else has. */
    static SnapshotFile anew(Path file) {
        byte[] key = new byte[KEY_BYTES];
        RANDOM.nextBytes(key);
        return new SnapshotFile(file, new SecretKeySpec(key, "AES"));
    }

    /**
     * Writes it, whole or not at all: it has its name only when it is on the disk.
     *
     * @param imprint of the template, without which it is of no use
     * @param isLate  whether nobody waits for it any more
     * @return its length in bytes
     * @throws NoDiskRoomException it is longer than it may be, or the disk takes no more
     */
    long write(String imprint, byte[] devices, GuestMemory memory, long mostBytes, BooleanSupplier isLate) throws IOException {
        Path draft = file.resolveSibling("." + file.getFileName() + ".partial");
        try (FileChannel channel = FileChannel.open(draft, ANEW, OWNERS_ONLY)) {
            SealedOutput sealed = new SealedOutput(new ToDisk(Channels.newOutputStream(channel)), key, mostBytes);
            fill(new DataOutputStream(sealed), imprint, devices, memory, isLate);
            sealed.finish();
            force(channel);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            sync(file.getParent());
            return sealed.written();
        } catch (SealedOutput.TooLongException e) {
            throw new NoDiskRoomException("The VM was not put on the disk: " + e.getMessage(), e);
        } catch (ToDisk.Failure e) {
            throw new NoDiskRoomException("The VM could not be put on the disk, in " + file.getParent() + ": " + e.getMessage() + ". Is there room?", e);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /** A disk may find out here only that it has no room. */
    private static void force(FileChannel channel) throws IOException {
        try {
            channel.force(true);
        } catch (IOException e) {
            throw new ToDisk.Failure(e);
        }
    }

    private static void fill(DataOutputStream out, String imprint, byte[] devices, GuestMemory memory, BooleanSupplier isLate) throws IOException {
        out.writeUTF(imprint);
        out.writeInt(devices.length);
        out.write(devices);
        memory.changed((offset, pages) -> {
            if (isLate.getAsBoolean()) {
                throw new IOException("it took too long");
            }
            out.writeLong(offset);
            out.writeInt(pages.remaining());
            out.write(pages.array(), pages.arrayOffset() + pages.position(), pages.remaining());
        });
        out.writeLong(END);
    }

    /** A name in a folder is on the disk when the folder is. */
    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder)) {
            channel.force(true);
        }
    }

    /**
     * Puts the pages where they belong and returns the devices, which are to be loaded afterwards: they look at the memory when they are.
     *
     * @param imprint of the template
     * @throws IOException the file is gone, damaged, or of another template
     */
    byte[] restore(String imprint, GuestMemory memory) throws IOException {
        try (DataInputStream in = new DataInputStream(new SealedInput(new BufferedInputStream(Files.newInputStream(file), SealedOutput.PIECE), key))) {
            if (!in.readUTF().equals(imprint)) {
                throw new IOException("its template has been made anew since");
            }
            byte[] devices = new byte[within(in.readInt(), LARGEST_DEVICES)];
            in.readFully(devices);
            byte[] pages = new byte[GuestMemory.MOST_AT_ONCE];
            for (long offset = in.readLong(); offset != END; offset = in.readLong()) {
                int length = within(in.readInt(), pages.length);
                in.readFully(pages, 0, length);
                memory.write(offset, ByteBuffer.wrap(pages, 0, length));
            }
            return devices;
        } catch (EOFException e) {
            throw new IOException("it ends too early", e);
        }
    }

    private static int within(int length, int most) throws IOException {
        if (length < 0 || length > most) {
            throw new IOException("it is damaged: a length of " + length);
        }
        return length;
    }

    /** Tells a disk that takes no more from a VM that cannot be read. */
    private static final class ToDisk extends OutputStream {

        static final class Failure extends IOException {
            private static final long serialVersionUID = 1L;

            Failure(IOException cause) {
                super(cause.getMessage(), cause);
            }
        }

        private final OutputStream disk;

        ToDisk(OutputStream disk) {
            this.disk = disk;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                disk.write(bytes, offset, length);
            } catch (IOException e) {
                throw new Failure(e);
            }
        }
    }
}
