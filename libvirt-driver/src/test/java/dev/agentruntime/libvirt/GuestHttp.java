package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.GuestStream;
import dev.agentruntime.api.Target;
import dev.agentruntime.spi.Vm;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Single requests to the agent in a VM, each on a stream of its own. */
final class GuestHttp {

    private static final int LARGEST = 4 << 20;

    private GuestHttp() {}

    /** The whole answer, its head too. */
    static String get(Vm vm, String path, String... headers) throws Exception {
        return send(vm, "GET", path, "", headers);
    }

    /** The whole answer, its head too. */
    static String send(Vm vm, String method, String path, String body, String... headers) throws Exception {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        String more = Stream.of(headers).map(header -> header + "\r\n").collect(Collectors.joining());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes((method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + more
                + (content.length == 0 ? "" : "Content-Length: " + content.length + "\r\n") + "\r\n").getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(content);
        try (GuestStream stream = vm.connect(Target.AGENT)) {
            ByteBuffer request = ByteBuffer.wrap(bytes.toByteArray());
            while (request.hasRemaining()) {
                ready(stream::onWritable);
                stream.write(request);
            }
            ByteBuffer answer = ByteBuffer.allocate(LARGEST);
            while (true) {
                ready(stream::onReadable);
                if (stream.read(answer) < 0) {
                    return new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
                }
            }
        }
    }

    /** What an answer has in its line {@code name=…}. */
    static String field(String reply, String name) {
        return reply.lines().filter(line -> line.startsWith(name + "=")).map(line -> line.substring(name.length() + 1)).findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not in " + reply));
    }

    private static void ready(Consumer<Runnable> on) throws InterruptedException {
        CountDownLatch latch = new CountDownLatch(1);
        on.accept(latch::countDown);
        assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    }
}
