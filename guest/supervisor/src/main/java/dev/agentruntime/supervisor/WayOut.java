package dev.agentruntime.supervisor;

import dev.agentruntime.channel.Targets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * Takes the agent's connections to what is outside: to the proxy, which is always there, and to the names that a session is given.
 * Each becomes a stream to the host. The first one waits until the host has made the link. When all streams are in use, connections
 * wait to be accepted, and are not refused.
 */
final class WayOut {
    /** Streams at once; fewer than the link has, for it forgets one only when its last byte has left. */
    static final int MOST = 120;

    /** Of these for one door: no outbound takes the way of all others. */
    static final int MOST_OF_ONE = 90;

    private static final int ACCEPTED_AT_ONCE = 16;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration BETWEEN_WISHES = Duration.ofMillis(100);
    private static final String NOT_NOW = "nothing leaves this guest now: no session has begun, or the host lets nothing out";
    private static final String TOO_LATE = "the host did not make the way out within " + PATIENCE.toSeconds() + " s";

    private record Waiting(OutwardConnection connection, long deadline) {
    }

    private final SocketLoop loop;
    private final SecondLink link;
    private final Consumer<String> log;
    private final Duration patience;
    private final List<Door> doors = new ArrayList<>();
    private final List<Door> all = new ArrayList<>();
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private final Door proxy;
    private volatile List<Outbound> led = List.of();
    private int open;
    private boolean full;
    private boolean asking;
    private boolean watching;

    private WayOut(SocketLoop loop, SecondLink link, Consumer<String> log, Duration patience, Door proxy) {
        this.loop = loop;
        this.link = link;
        this.log = log;
        this.patience = patience;
        this.proxy = proxy;
    }

    /** Opens the proxy's door at {@code proxyPort}. */
    static WayOut open(int proxyPort, SocketLoop loop, SecondLink link, Consumer<String> log) throws IOException {
        return open(proxyPort, loop, link, log, PATIENCE);
    }

    /** @param patience how long a connection waits for the link */
    static WayOut open(int proxyPort, SocketLoop loop, SecondLink link, Consumer<String> log, Duration patience) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), proxyPort);
        Door proxy = Door.listen(address, Targets.PROXY, "the proxy");
        WayOut way = new WayOut(loop, link, log, patience, proxy);
        loop.execute(() -> way.add(proxy));
        return way;
    }

    int proxyPort() throws IOException {
        return proxy.address().getPort();
    }

    /**
     * These names lead out from now on, and no others; each is listened to at the address of its place in the list. Blocks until it
     * is so. Connections that there are stay.
     *
     * @throws GuestException one cannot be listened to
     */
    void lead(List<Outbound> outbounds) {
        if (outbounds.equals(led)) {
            // Most sessions have what their template has: none. They need not wait for the loop.
            return;
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                replace(outbounds);
                done.complete(null);
            } catch (IOException | RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        try {
            done.join();
        } catch (CompletionException e) {
            throw new GuestException("The session's outbounds could not be listened to: " + e.getCause().getMessage(), e);
        }
    }

    private void replace(List<Outbound> outbounds) throws IOException {
        // What fails half-way leads nowhere that anybody may rely on.
        led = List.of();
        shut();
        try {
            listen(outbounds);
        } catch (IOException | RuntimeException e) {
            shut();
            throw e;
        }
        led = List.copyOf(outbounds);
    }

    private void shut() throws IOException {
        for (Door door : doors) {
            all.remove(door);
            door.close();
        }
        doors.clear();
        loop.letGo();
    }

    private void listen(List<Outbound> outbounds) throws IOException {
        for (int i = 0; i < outbounds.size(); i++) {
            Outbound outbound = outbounds.get(i);
            InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(HostsFile.address(i)), outbound.port());
            try {
                Door door = Door.listen(address, Targets.OUTBOUND + outbound.name(), outbound.host());
                doors.add(door);
                add(door);
            } catch (IOException e) {
                throw new IOException(outbound.host() + " at " + address + ": " + e.getMessage(), e);
            }
        }
    }

    private void add(Door door) {
        try {
            door.open(loop, () -> letIn(door));
            all.add(door);
        } catch (IOException e) {
            log.accept("supervisor: " + door.shown() + " is closed: " + e);
        }
    }

    private void letIn(Door door) {
        try {
            for (int i = 0; i < ACCEPTED_AT_ONCE; i++) {
                if (open >= MOST || door.openConnections() >= MOST_OF_ONE) {
                    door.admit(false);
                    full = true;
                    return;
                }
                Optional<SocketChannel> socket = door.next();
                if (socket.isEmpty()) {
                    return;
                }
                open++;
                door.entered();
                lead(new OutwardConnection(loop, socket.get(), door, () -> left(door)));
            }
        } catch (IOException e) {
            log.accept("supervisor: a connection to " + door.shown() + " was lost: " + e);
        }
    }

    private void left(Door door) {
        open--;
        door.left();
        if (full) {
            full = false;
            all.forEach(each -> each.admit(true));
        }
    }

    private void lead(OutwardConnection connection) {
        if (!waiting.isEmpty() || !joined(connection)) {
            waiting.add(new Waiting(connection, System.nanoTime() + patience.toNanos()));
            watch();
            ask();
        }
    }

    private boolean joined(OutwardConnection connection) {
        try {
            connection.join(link.open(connection.door().target()));
            return true;
        } catch (IOException noStream) {
            return false;
        }
    }

    /** A link that is up and has no stream to spare will have one again. */
    private void ask() {
        if (asking) {
            return;
        }
        asking = true;
        if (link.isUp()) {
            loop.after(BETWEEN_WISHES, this::tryAgain);
        } else {
            link.ask(answer -> loop.execute(() -> answered(answer)));
        }
    }

    private void answered(SecondLink.Answer answer) {
        if (answer == SecondLink.Answer.REFUSED) {
            asking = false;
            while (!waiting.isEmpty()) {
                refuse(waiting.poll().connection(), NOT_NOW);
            }
        } else if (link.isUp()) {
            tryAgain();
        } else {
            loop.after(BETWEEN_WISHES, this::tryAgain);
        }
    }

    private void tryAgain() {
        asking = false;
        while (!waiting.isEmpty() && joined(waiting.peek().connection())) {
            waiting.poll();
        }
        if (!waiting.isEmpty()) {
            ask();
        }
    }

    /** One alarm for all who wait, for whoever came first is late first; it outlasts none of them. */
    private void watch() {
        if (watching || waiting.isEmpty()) {
            return;
        }
        watching = true;
        loop.after(Duration.ofNanos(Math.max(0, waiting.peek().deadline() - System.nanoTime())), () -> {
            watching = false;
            while (!waiting.isEmpty() && waiting.peek().deadline() - System.nanoTime() <= 0) {
                refuse(waiting.poll().connection(), TOO_LATE);
            }
            watch();
        });
    }

    private void refuse(OutwardConnection connection, String why) {
        Door door = connection.door();
        if (door.complains()) {
            log.accept("supervisor: a connection to " + door.shown() + " was refused: " + why);
        }
        if (door == proxy) {
            byte[] reason = (why + "\n").getBytes(StandardCharsets.US_ASCII);
            String head = "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\nContent-Length: " + reason.length
                    + "\r\nConnection: close\r\n\r\n";
            connection.dismiss((head + why + "\n").getBytes(StandardCharsets.US_ASCII));
        } else {
            connection.reset();
        }
    }
}
