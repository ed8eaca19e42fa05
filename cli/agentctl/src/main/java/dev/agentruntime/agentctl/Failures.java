package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeException;
import dev.agentruntime.client.RefusedException;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Tells what went wrong, on the error stream: as a sentence, or with {@code --json} as an object. */
final class Failures implements IExecutionExceptionHandler {

    private final Surroundings surroundings;

    Failures(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        ExitCode code = ExitCode.of(failure);
        Optional<RefusedException> refused = Optional.of(failure).filter(RefusedException.class::isInstance).map(RefusedException.class::cast);
        if (command.getCommand() instanceof Action action && action.json()) {
            surroundings.err().println(json(message(failure), code, refused));
        } else {
            surroundings.err().println("agentctl: " + message(failure));
            refused.map(RefusedException::log).orElse(List.of()).forEach(line -> surroundings.err().println("  | " + Text.plain(line)));
            hint(refused).or(() -> code == ExitCode.BROKEN_OFF && !(failure instanceof Problem)
                    ? Optional.of("The server may have been stopped or restarted; what was asked may have been done all the same.") : Optional.empty()).ifPresent(hint -> surroundings.err().println("  " + hint));
        }
        return code.code();
    }

    /** For a command line that is wrong: as the parser tells it, or with {@code --json} as an object. */
    IParameterExceptionHandler mistakes(IParameterExceptionHandler words) {
        return (mistake, arguments) -> {
            if (Stream.of(arguments).takeWhile(word -> !word.equals("--")).noneMatch("--json"::equals)) {
                return words.handleParseException(mistake, arguments);
            }
            surroundings.err().println(json(Text.plain(mistake.getMessage()), ExitCode.USAGE, Optional.empty()));
            return ExitCode.USAGE.code();
        };
    }

    private static String message(Exception failure) {
        if (failure instanceof Problem || failure instanceof AgentRuntimeException || failure instanceof UncheckedIOException) {
            return Text.plain(failure.getMessage());
        }
        if (failure instanceof IOException) {
            return "A file or the output failed: " + Text.plain(String.valueOf(failure.getMessage()));
        }
        return "agentctl itself failed: " + Text.plain(failure.toString()) + at(failure);
    }

    /** For whoever reports it. */
    private static String at(Exception failure) {
        return failure.getStackTrace().length == 0 ? "" : " (" + failure.getStackTrace()[0] + ")";
    }

    private static Optional<String> hint(Optional<RefusedException> refused) {
        return refused.flatMap(refusal -> switch (refusal.kind()) {
            case CREDENTIALS -> Optional.of(refusal.status() == 401
                    ? "Log in with 'agentctl login', or set AGENTCTL_TOKEN." : "Another token or access key may be allowed to: 'agentctl login'.");
            case PLATFORM -> refusal.requestId().map(id -> "The server's log has more under the request's id " + id + ".");
            case LIMIT, CONFLICT -> refusal.retryAfter().map(time -> "Ask again in " + time.toSeconds() + " s.");
            default -> Optional.empty();
        });
    }

    private static String json(String message, ExitCode code, Optional<RefusedException> refused) {
        JsonObjectBuilder error = Json.createObjectBuilder().add("code", code.name()).add("exitCode", code.code()).add("message", message);
        refused.ifPresent(refusal -> {
            error.add("status", refusal.status()).add("type", refusal.type());
            refusal.requestId().ifPresent(id -> error.add("requestId", id));
            if (!refusal.log().isEmpty()) {
                error.add("log", Json.createArrayBuilder(refusal.log()));
            }
        });
        return Json.createObjectBuilder().add("error", error).build().toString();
    }
}
