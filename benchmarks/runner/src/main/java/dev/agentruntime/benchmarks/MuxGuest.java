package dev.agentruntime.benchmarks;

import dev.agentruntime.channel.GuestLink;
import dev.agentruntime.channel.MuxStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Runs in a bare VM: the guest's end of the multiplexer with nothing behind it. A stream begins with a number of bytes: so many
 * are taken and one answered, or so many sent where it is negative. Of one class, since it is all that goes into the VM.
 */
public final class MuxGuest {

    private static final int CHUNK = 32 * 1024;

    private MuxGuest() {}

    /** @param arguments the port's device */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        ExecutorService threads = Executors.newCachedThreadPool();
        try (RandomAccessFile port = new RandomAccessFile(arguments[0], "rw");
                GuestLink link = GuestLink.serve(port, threads, (stream, target) -> obey(stream))) {
            System.out.println("multiplexer: serving " + arguments[0]);
            new CountDownLatch(1).await();
        }
    }

    private static void obey(MuxStream stream) throws IOException {
        try (stream) {
            InputStream in = stream.input();
            OutputStream out = stream.output();
            long bytes = new DataInputStream(in).readLong();
            byte[] chunk = new byte[CHUNK];
            for (long left = bytes; left > 0;) {
                int count = in.read(chunk, 0, (int) Math.min(CHUNK, left));
                if (count < 0) {
                    return;
                }
                left -= count;
            }
            if (bytes >= 0) {
                out.write(1);
            }
            for (long left = -bytes; left > 0; left -= Math.min(CHUNK, left)) {
                out.write(chunk, 0, (int) Math.min(CHUNK, left));
            }
            stream.shutdownOutput();
        }
    }
}
