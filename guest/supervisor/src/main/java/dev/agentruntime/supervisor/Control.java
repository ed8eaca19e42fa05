package dev.agentruntime.supervisor;

import dev.agentruntime.channel.ControlMessage;
import dev.agentruntime.channel.ControlReply;
import dev.agentruntime.channel.MuxStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Answers the host's control requests, one on each stream. */
final class Control {
    private static final Duration DEPLOY = Duration.ofMinutes(5);
    private static final Duration PING = Duration.ofSeconds(10);
    private static final Duration END = Duration.ofSeconds(15);
    private static final int LOG_LINES = 200;

    private final Liberty liberty;
    private final LogRing log;
    private final Equipment equipment;
    private final Deployment deployment;
    private final NewIdentity identity;
    private final Hygiene hygiene;
    private final PingProbe probe;
    private final Machine machine;

    Control(Liberty liberty, LogRing log, Equipment equipment, Deployment deployment, NewIdentity identity, Hygiene hygiene, PingProbe probe, Machine machine) {
        this.liberty = liberty;
        this.log = log;
        this.equipment = equipment;
        this.deployment = deployment;
        this.identity = identity;
        this.hygiene = hygiene;
        this.probe = probe;
        this.machine = machine;
    }

    /** Reads one request, answers it, and waits until the host has ended its side; only the answer to {@code watch} comes later. */
    void serve(MuxStream stream) throws IOException {
        InputStream in = stream.input();
        ControlMessage request = ControlMessage.readFrom(in);
        if (request.verb().equals("watch")) {
            // No thread waits for it: every session is watched for all its life.
            liberty.ended().thenAccept(reason -> tellEnd(stream, reason));
        } else {
            answer(stream, answer(request, request.body(in)));
        }
    }

    private static void answer(MuxStream stream, ControlReply reply) throws IOException {
        try (stream) {
            reply.writeTo(stream.output());
            stream.shutdownOutput();
            // Closing before the host has read the answer would reset the stream and lose it.
            stream.input().transferTo(OutputStream.nullOutputStream());
        }
    }

    private void tellEnd(MuxStream stream, String reason) {
        try {
            answer(stream, reply(ControlMessage.of(ControlMessage.OK).with("reason", reason), liberty.lastLines()));
        } catch (IOException e) {
            // The host that has asked is gone, or its link is: the next one asks again.
            stream.close();
        }
    }

    private ControlReply answer(ControlMessage request, InputStream body) {
        try {
            return switch (request.verb()) {
                case "await" -> {
                    liberty.awaitReady();
                    yield ok();
                }
                case "features" -> {
                    liberty.awaitReady();
                    equipment.run(request, body, ControlFields.timeout(request, DEPLOY));
                    yield ok();
                }
                case "deploy" -> {
                    liberty.awaitReady();
                    probe.at(request.field("ping").orElse(PingProbe.STANDARD));
                    deployment.run(body, request.length(), ControlFields.timeout(request, DEPLOY));
                    yield ok();
                }
                case "undeploy" -> {
                    deployment.undo(ControlFields.timeout(request, DEPLOY));
                    yield ok();
                }
                case "renew" -> {
                    identity.renew(request);
                    yield ok();
                }
                case "begin" -> {
                    // What the template logged when it started is not this session's.
                    log.clear();
                    identity.begin(request, body.readAllBytes());
                    yield timed();
                }
                case "clock" -> {
                    identity.setClock(request);
                    yield timed();
                }
                case "end" -> {
                    end(request, ControlFields.timeout(request, END));
                    yield ok();
                }
                case "ping" -> ping(ControlFields.timeout(request, PING));
                case "quiesce" -> {
                    quiesce();
                    yield ok();
                }
                case "say" -> {
                    hygiene.call(ControlMessage.of(HygieneServer.SAY));
                    yield ok();
                }
                case "log" -> reply(ControlMessage.of(ControlMessage.OK),
                        log.tail((int) ControlFields.number(request, "lines", LOG_LINES)));
                default -> throw new GuestException("This guest does not know the request '" + request.verb() + "'.");
            };
        } catch (GuestException e) {
            return reply(ControlMessage.error(e.getMessage()), e.logLines());
        } catch (IOException | RuntimeException e) {
            return reply(ControlMessage.error("'" + request.verb() + "' failed in the guest: " + e), List.of());
        }
    }

    private ControlReply ping(Duration timeout) {
        liberty.requireAlive();
        try {
            PingProbe.Answer answer = probe.ask(timeout);
            return new ControlReply(ControlMessage.of(ControlMessage.OK).with("status", Integer.toString(answer.status())), answer.body());
        } catch (IOException e) {
            throw new GuestException("The agent did not answer GET " + probe.path() + ": " + e.getMessage(), e);
        }
    }

    /** A hook that fails keeps the application from nothing that it does when it is stopped. */
    private void end(ControlMessage request, Duration timeout) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            identity.end(request);
        } finally {
            deployment.end(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        }
    }

    private void quiesce() {
        hygiene.call(ControlMessage.of(HygieneServer.QUIESCE));
        machine.settle();
    }

    /** With this guest's time, so that the host can see whether it is right. */
    private static ControlReply timed() {
        return new ControlReply(ControlMessage.of(ControlMessage.OK).with("epochMillis", Long.toString(System.currentTimeMillis())),
                new byte[0]);
    }

    private static ControlReply ok() {
        return new ControlReply(ControlMessage.of(ControlMessage.OK), new byte[0]);
    }

    private static ControlReply reply(ControlMessage head, List<String> lines) {
        String text = lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        // Cut at the front: the latest lines say most.
        int from = Math.max(0, body.length - ControlReply.MAX_BODY);
        return new ControlReply(head, Arrays.copyOfRange(body, from, body.length));
    }
}
