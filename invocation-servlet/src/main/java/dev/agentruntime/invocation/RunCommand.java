package dev.agentruntime.invocation;

import dev.agentruntime.api.GuestStream;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.Invocation.Outcome;
import dev.agentruntime.api.InvocationRequest;
import dev.agentruntime.api.InvocationRequest.Purpose;
import dev.agentruntime.api.Platform;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.Target;
import dev.agentruntime.invocation.Operation.Call;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Runs a command in the VM of a session and streams what it says. */
final class RunCommand implements Operation.Handler {

    /** The guest ends what takes too long; this is for one that does not. */
    private static final Duration GRACE = Duration.ofSeconds(60);
    /** For a caller to read to the end what it was sent of a command that is over. */
    private static final Duration TO_READ = Duration.ofMinutes(5);
    private static final Target COMMAND = new Target("command");

    private final Platform platform;
    private final FrontDoor door;

    RunCommand(Platform platform, FrontDoor door) {
        this.platform = platform;
        this.door = door;
    }

    @Override
    public void serve(Call call) throws IOException {
        OpenSockets.Place place = door.sockets().ofSubject(call.caller().subject());
        CommandOrder order;
        InvocationRequest asked;
        try {
            order = CommandOrder.read(call.body());
            asked = new InvocationRequest(call.path("runtime"), Optional.ofNullable(call.request().getHeader(Headers.SESSION_ID)), call.caller())
                    .at(Query.of(call.request()).first("qualifier").orElse("")).to(Purpose.SYSTEM);
        } catch (IOException | RuntimeException refused) {
            place.close();
            throw refused;
        }
        begin(call, order, asked, place);
    }

    private void begin(Call call, CommandOrder order, InvocationRequest asked, OpenSockets.Place place) {
        AsyncContext async = call.request().startAsync();
        async.setTimeout(0);
        try {
            platform.invoke(asked).whenCompleteAsync((found, failure) -> {
                if (failure == null) {
                    new Run(call, async, place, found).begin(order);
                } else {
                    refuse(call.response(), async, place, Refusal.of(failure, call.caller()));
                }
            }, door.client().executor());
        } catch (RuntimeException refused) {
            refuse(call.response(), async, place, Refusal.of(refused, call.caller()));
        }
    }

    private static void refuse(HttpServletResponse response, AsyncContext async, OpenSockets.Place place, Refusal refusal) {
        place.close();
        try {
            Answers.refuse(response, refusal);
        } catch (IOException | IllegalStateException callerLeft) {
            // There is nobody to tell.
        } finally {
            async.complete();
        }
    }

    /** One command. */
    private final class Run {
        private final Call call;
        private final AsyncContext async;
        private final OpenSockets.Place place;
        private final Invocation found;
        private final AtomicBoolean over = new AtomicBoolean();
        /** A command may say nothing for long, so that nobody would find out by writing. */
        private volatile CallerWatch.Watching watching = () -> { };

        Run(Call call, AsyncContext async, OpenSockets.Place place, Invocation found) {
            this.call = call;
            this.async = async;
            this.place = place;
            this.found = found;
        }

        void begin(CommandOrder order) {
            OpenSockets.Place ofSession;
            try {
                ofSession = door.sockets().ofSession(found.vm());
            } catch (RequestException tooMany) {
                fail(tooMany, Outcome.ABANDONED);
                return;
            }
            Optional<GuestStream> guest = Optional.empty();
            try {
                guest = Optional.of(found.connect(COMMAND));
                run(guest.get(), order, ofSession);
            } catch (RuntimeException gone) {
                guest.ifPresent(GuestStream::close);
                ofSession.close();
                fail(gone, Outcome.PLATFORM_ERROR);
            }
        }

        private void fail(RuntimeException failure, Outcome outcome) {
            if (outcome == Outcome.PLATFORM_ERROR) {
                InvocationMessage.REQUEST_FAILED.log(failure, found.requestId(), "POST", COMMAND, failure.getMessage());
            }
            found.close(outcome);
            refuse(call.response(), async, place, Refusal.of(failure, call.caller()));
        }

        private void run(GuestStream guest, CommandOrder order, OpenSockets.Place ofSession) {
            CommandOutput output = new CommandOutput(guest, order, door.client().executor(), () -> found.session().terminationReason());
            OpenSockets.Place open = door.sockets().until(() -> output.cancel("The server is being stopped"));
            Duration longest = order.timeout().plus(GRACE);
            Runnable takeBack = door.client().later(longest, () -> output.cancel("The guest did not end the command in time, nor say so"));
            // A caller that does not read is not told; without this it would keep all open as long as it likes.
            Runnable cut = door.client().later(longest.plus(TO_READ), () -> door.writes().endingsFor(call.request(), call.caller().subject())
                    .execute(() -> CallerConnection.breakOff(call.request())));
            stream(output, outcome -> {
                takeBack.run();
                cut.run();
                watching.close();
                open.close();
                ofSession.close();
                place.close();
                guest.close();
                found.close(outcome);
                async.complete();
            });
        }

        private void stream(CommandOutput output, Consumer<Outcome> end) {
            HttpServletRequest request = call.request();
            HttpServletResponse response = call.response();
            Consumer<Outcome> once = outcome -> {
                if (over.compareAndSet(false, true)) {
                    end.accept(outcome);
                }
            };
            try {
                response.setContentType(EventStream.CONTENT_TYPE);
                response.setHeader("Cache-Control", "no-cache");
                response.setHeader(Headers.SESSION_ID, found.sessionId());
                response.setHeader(Headers.REQUEST_ID, found.requestId());
                response.setHeader(Headers.SESSION_ORIGIN, found.origin().name().toLowerCase(Locale.ROOT));
                // Liberty sends no head on a flush of the stream alone, and a silent command should be seen to have begun.
                HeadOfAnswer.send(response);
                watching = door.callers().watch(request, () -> output.cancel("The caller has left"));
                Executor writes = door.writes().executorFor(request, call.caller().subject());
                response.getOutputStream().setWriteListener(new AnswerRelay(output, response.getOutputStream(), new byte[0], new AnswerRelay.Ending() {
                    @Override
                    public void callerLeft(Throwable cause) {
                        output.cancel("The caller has left");
                    }

                    @Override
                    public void ended(Optional<Throwable> brokenOff) {
                        once.accept(output.isCompleted() ? Outcome.SUCCESS : Outcome.ABANDONED);
                    }
                }, writes));
            } catch (IOException | RuntimeException callerLeft) {
                output.cancel("The caller has left");
                once.accept(Outcome.ABANDONED);
            }
        }
    }
}
