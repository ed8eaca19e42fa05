package dev.agentruntime.channel;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Compares a stream with the bare socket it runs over, both ends in this JVM. A programme to run by hand. */
final class Throughput {

    private static final int BLOCK = 64 * 1024;
    private static final int BLOCKS = 8 * 1024;

    private Throughput() {
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory("throughput");
        ExecutorService threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        });
        Path path = directory.resolve("agent.sock");
        try (Reactor reactor = new Reactor(threads);
                FakePort port = new FakePort(path, FakePort.EndOfFile.SEEN);
                HostLink link = start(path, port, reactor, threads)) {
            for (int round = 0; round < 4; round++) {
                report("bare socket", bare(directory.resolve("bare" + round), threads));
                report("stream, host to guest", upload(link));
                report("stream, guest to host", download(link));
                latency(link);
            }
        }
    }

    private static HostLink start(Path path, FakePort port, Reactor reactor, ExecutorService threads) throws IOException {
        GuestLink.serve(port, port, threads, Throughput::serve);
        return HostLink.connect(path, reactor, Duration.ofSeconds(5));
    }

    private static void serve(MuxStream stream, String target) throws IOException {
        if (target.equals("echo")) {
            stream.input().transferTo(stream.output());
        } else if (target.equals("up")) {
            byte[] block = new byte[BLOCK];
            InputStream in = stream.input();
            while (in.read(block) >= 0) {
                continue;
            }
        } else {
            byte[] block = new byte[BLOCK];
            for (int i = 0; i < BLOCKS; i++) {
                stream.output().write(block);
            }
        }
        stream.shutdownOutput();
    }

    private static long upload(HostLink link) throws IOException {
        long begin = System.nanoTime();
        try (MuxStream stream = link.open("up")) {
            OutputStream out = stream.output();
            byte[] block = new byte[BLOCK];
            for (int i = 0; i < BLOCKS; i++) {
                out.write(block);
            }
            stream.shutdownOutput();
            stream.input().read();
        }
        return System.nanoTime() - begin;
    }

    private static long download(HostLink link) throws IOException {
        long begin = System.nanoTime();
        try (MuxStream stream = link.open("down")) {
            byte[] block = new byte[BLOCK];
            InputStream in = stream.input();
            while (in.read(block) >= 0) {
                continue;
            }
        }
        return System.nanoTime() - begin;
    }

    private static void latency(HostLink link) throws IOException {
        int rounds = 5000;
        long begin = System.nanoTime();
        try (MuxStream stream = link.open("echo")) {
            for (int i = 0; i < rounds; i++) {
                stream.output().write(1);
                stream.input().read();
            }
        }
        System.out.printf(Locale.ROOT, "echo of one byte: %.0f us%n", (System.nanoTime() - begin) / 1e3 / rounds);
    }

    private static long bare(Path path, ExecutorService threads) throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
            try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path)); SocketChannel peer = server.accept()) {
                long begin = System.nanoTime();
                threads.submit(() -> {
                    ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
                    for (int i = 0; i < BLOCKS; i++) {
                        block.clear();
                        while (block.hasRemaining()) {
                            client.write(block);
                        }
                    }
                    client.shutdownOutput();
                    return null;
                });
                ByteBuffer target = ByteBuffer.allocateDirect(BLOCK);
                while (peer.read(target.clear()) >= 0) {
                    continue;
                }
                return System.nanoTime() - begin;
            }
        }
    }

    private static void report(String what, long nanos) {
        System.out.printf(Locale.ROOT, "%s: %.0f MB/s%n", what, (double) BLOCK * BLOCKS / nanos * 1e3);
    }
}
