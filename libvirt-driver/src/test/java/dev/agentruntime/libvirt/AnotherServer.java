package dev.agentruntime.libvirt;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Another process that shares a lock, as a second server does that uses a template. */
final class AnotherServer implements AutoCloseable {

    private final Process process;

    private AnotherServer(Process process) {
        this.process = process;
    }

    /** Starts it and waits until it has the lock. */
    static AnotherServer using(Path lock) throws IOException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("java.class.path"), AnotherServer.class.getName(), lock.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        if (process.getInputStream().read() != '+') {
            process.destroyForcibly();
            throw new IOException("the other process did not get the lock " + lock);
        }
        return new AnotherServer(process);
    }

    /** Whether another process can have the lock for itself now. */
    static boolean couldLock(Path lock) throws IOException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("java.class.path"), AnotherServer.class.getName(), lock.toString(), "try")
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try {
            return process.getInputStream().read() == '+';
        } finally {
            end(process);
        }
    }

    private static void end(Process process) {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        end(process);
    }

    /** Holds the lock until its input ends. */
    public static void main(String[] args) throws IOException {
        try (FileChannel channel = FileChannel.open(
                Path.of(args[0]), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            boolean tries = args.length > 1;
            boolean got = tries ? channel.tryLock() != null : channel.lock(0, Long.MAX_VALUE, true).isValid();
            System.out.print(got ? '+' : '-');
            System.out.flush();
            while (System.in.read() >= 0) {
                // Nobody writes; the end of the input is the end of the parent.
            }
        }
    }
}
