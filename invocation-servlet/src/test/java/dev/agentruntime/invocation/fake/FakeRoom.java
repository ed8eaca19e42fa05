package dev.agentruntime.invocation.fake;

import dev.agentruntime.api.RoomOperations;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** A room whose operations say what they were asked. */
final class FakeRoom implements RoomOperations {

    private static final int MOST = 1 << 20;

    @Override
    public List<Row> operations() {
        return List.of(
                new Row("List", "POST", "/runtimes/", Who.ADMIN, request -> said(request.query().toString())),
                new Row("Get", "GET", "/runtimes/{id}/", Who.ADMIN, request -> said(request.path().get("id"))),
                new Row("Tags", "GET", "/tags/{arn}", Who.INVOKER, request -> said(request.path().get("arn"))),
                new Row("Delete", "DELETE", "/tags/{arn}", Who.ADMIN, request -> new Answer(204, Map.of(), "")),
                new Row("Open", "GET", "/open/{name}", Who.ANYBODY, request -> said(request.path().get("name") + " of " + request.caller().subject().issuer())),
                new Row("Put", "PUT", "/artifacts/{name}", Who.ADMIN, FakeRoom::counted));
    }

    private static Answer counted(Request request) {
        try (InputStream body = request.body()) {
            long bytes = 0;
            byte[] chunk = new byte[8192];
            for (int read = body.read(chunk); read >= 0; read = body.read(chunk)) {
                bytes += read;
                if (bytes > MOST) {
                    return new Answer(413, Map.of("x-amzn-ErrorType", "ValidationException"), "{\"message\": \"too large\"}");
                }
            }
            return said(bytes + " of " + request.length().orElse(-1L) + " " + request.header().get("content-digest").orElse("none"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Answer said(String text) {
        return new Answer(202, Map.of(), "{\"said\": \"" + text + "\"}");
    }
}
