package dev.agentruntime.invocation;

import dev.agentruntime.invocation.Operation.Call;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The description of every path, which MicroProfile OpenAPI shows too where the server has that feature. */
final class OpenApi {

    static final String DOCUMENT = "/META-INF/openapi.json";

    private final byte[] document;

    private OpenApi(byte[] document) {
        this.document = document;
    }

    static OpenApi load() {
        try (InputStream in = OpenApi.class.getResourceAsStream(DOCUMENT)) {
            return new OpenApi(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void document(Call call) throws IOException {
        call.response().setContentType("application/json");
        call.response().setHeader(Headers.LANGUAGE, "en");
        call.response().setContentLength(document.length);
        call.response().getOutputStream().write(document);
    }
}
