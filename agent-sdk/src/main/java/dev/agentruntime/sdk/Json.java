package dev.agentruntime.sdk;

import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.json.bind.JsonbConfig;
import jakarta.json.bind.JsonbException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.lang.reflect.Type;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Bodies to objects and back. Thread-safe. */
final class Json implements AutoCloseable {

    private final Jsonb jsonb;

    private Json(Jsonb jsonb) {
        this.jsonb = jsonb;
    }

    /** For bodies without documents. JSON-B takes a longer way for each field once it has a deserializer to look for. */
    static Json create() {
        return create(new JsonbConfig());
    }

    static Json withDocuments() {
        return create(new JsonbConfig().withDeserializers(new DocumentDeserializer()));
    }

    private static Json create(JsonbConfig config) {
        try {
            return new Json(JsonbBuilder.create(config));
        } catch (JsonbException | LinkageError e) {
            throw new AgentDeploymentException("The Agent SDK needs JSON-B and this server offers none to the application ("
                    + Errors.message(e) + "). On Open Liberty add the feature jsonb-3.0", e);
        }
    }

    /** Reads the whole stream; a body that is not this type's JSON is the caller's fault. */
    Object read(InputStream body, Charset charset, Type type) {
        return read(strictReader(body, charset), charset, type);
    }

    /** The same, with documents that go into files as they come. */
    Object read(InputStream body, Charset charset, DocumentFields fields, Documents documents, Type type) {
        return read(new InlineDocuments(strictReader(body, charset), fields, documents), charset, type);
    }

    /** The same from text that is no caller's. */
    Object read(StringReader text, Type type) {
        return read(text, StandardCharsets.UTF_8, type);
    }

    private Object read(Reader text, Charset charset, Type type) {
        try {
            return jsonb.fromJson(text, type);
        } catch (RuntimeException e) {
            Errors.find(BadRequestException.class, e).ifPresent(refusal -> {
                throw refusal;
            });
            Errors.find(DocumentStorageException.class, e).ifPresent(failure -> {
                throw failure;
            });
            throw Errors.find(CharacterCodingException.class, e).isPresent()
                    ? badEncoding(charset, e)
                    : new BadRequestException("Invalid JSON", Errors.message(e), e);
        } catch (StackOverflowError e) {
            throw new BadRequestException("Invalid JSON", "It is nested too deeply", e);
        }
    }

    static String text(InputStream body, Charset charset) throws IOException {
        try (Reader reader = strictReader(body, charset)) {
            StringWriter text = new StringWriter();
            reader.transferTo(text);
            return text.toString();
        } catch (CharacterCodingException e) {
            throw badEncoding(charset, e);
        }
    }

    /** The value as JSON on one line. Strings become JSON strings. */
    String write(Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof String text) {
            return JsonText.quote(text);
        }
        try {
            return jsonb.toJson(value);
        } catch (JsonbException e) {
            throw new IllegalStateException("The agent returned an object of " + value.getClass().getName()
                    + " that cannot be written as JSON: " + Errors.message(e), e);
        } catch (StackOverflowError e) {
            throw new IllegalStateException("The agent returned an object of " + value.getClass().getName()
                    + " that cannot be written as JSON: it is nested too deeply, or has no end", e);
        }
    }

    @Override
    public void close() {
        try {
            jsonb.close();
        } catch (Exception e) {
            throw new IllegalStateException("JSON-B could not be closed: " + Errors.message(e), e);
        }
    }

    private static Reader strictReader(InputStream body, Charset charset) {
        return new InputStreamReader(body, charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT));
    }

    private static BadRequestException badEncoding(Charset charset, Exception e) {
        return new BadRequestException("Invalid encoding", "The body is not valid " + charset.name(), e);
    }
}
