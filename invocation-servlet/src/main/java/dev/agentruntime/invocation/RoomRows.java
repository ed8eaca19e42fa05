package dev.agentruntime.invocation;

import dev.agentruntime.api.RoomOperations;
import dev.agentruntime.api.RoomOperations.Answer;
import dev.agentruntime.api.RoomOperations.Request;
import dev.agentruntime.api.RoomOperations.Row;
import dev.agentruntime.invocation.Operation.Call;
import dev.agentruntime.invocation.Operation.Who;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/** The operations that other rooms add to the table, as long as they are there. */
final class RoomRows {

    private static final int FIRST_ERROR = 400;

    private final List<Supplier<Optional<RoomOperations>>> rooms;
    private volatile Known known = new Known(List.of(), List.of());

    /** The rooms that are there, and their rows. */
    private record Known(List<RoomOperations> rooms, List<Operation> rows) {}

    RoomRows(List<Supplier<Optional<RoomOperations>>> rooms) {
        this.rooms = List.copyOf(rooms);
    }

    /** Those of the control plane, of accounting, of identities and of memories, while they are in JNDI. */
    static RoomRows inJndi() {
        return new RoomRows(List.of(() -> named(RoomOperations.CONTROL_JNDI_NAME), () -> named(RoomOperations.ACCOUNTING_JNDI_NAME),
                () -> named(RoomOperations.IDENTITY_JNDI_NAME), () -> named(RoomOperations.MEMORY_JNDI_NAME)));
    }

    private static Optional<RoomOperations> named(String name) {
        try {
            return Optional.of((RoomOperations) new InitialContext().lookup(name));
        } catch (NamingException notThere) {
            return Optional.empty();
        }
    }

    List<Operation> rows() {
        List<RoomOperations> now = rooms.stream().flatMap(room -> room.get().stream()).toList();
        Known before = known;
        if (before.rooms().equals(now)) {
            return before.rows();
        }
        Known changed = new Known(now, now.stream().flatMap(room -> room.operations().stream()).map(RoomRows::operation).toList());
        known = changed;
        return changed.rows();
    }

    /** Whether what is in this region and account is this server's; all is, where no room says otherwise. */
    boolean isOwn(Optional<String> region, String account) {
        return rooms.stream().flatMap(room -> room.get().stream()).allMatch(room -> room.isOwn(region, account));
    }

    private static Operation operation(Row row) {
        Who who = switch (row.who()) {
            case ADMIN -> Who.ADMIN;
            case INVOKER -> Who.INVOKER;
            case ANYBODY -> Who.ANYBODY;
        };
        return Operation.of(row.name(), row.method(), row.path(), who, call -> answer(call, row.handler().serve(request(call))));
    }

    private static Request request(Call call) {
        HttpServletRequest request = call.request();
        long length = request.getContentLengthLong();
        return new Request(call.path(), Query.of(request).values(), name -> Optional.ofNullable(request.getHeader(name)),
                call.body(), length < 0 ? Optional.empty() : Optional.of(length), call.caller());
    }

    private static void answer(Call call, Answer answer) throws IOException {
        HttpServletResponse response = call.response();
        response.setStatus(answer.status());
        answer.headers().forEach(response::setHeader);
        if (answer.status() >= FIRST_ERROR && call.request().getContentLengthLong() != 0) {
            response.setHeader("Connection", "close"); // the rest of a body that nobody wants would be read as the next request
        }
        if (!answer.body().isEmpty()) {
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            response.setContentType(answer.type());
            response.setHeader(Headers.LANGUAGE, "en");
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
        }
    }
}
