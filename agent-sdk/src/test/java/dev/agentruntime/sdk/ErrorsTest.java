package dev.agentruntime.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class ErrorsTest {

    @Test
    void anErrorCarriesMessageAndType() {
        JsonObject json = parse(Errors.body(new IllegalStateException("He said \"no\"\n\tand left \\ ü 😀 \u0001")));
        assertThat(json.getString("error")).isEqualTo("He said \"no\"\n\tand left \\ ü 😀 \u0001");
        assertThat(json.getString("errorType")).isEqualTo("java.lang.IllegalStateException");
    }

    @Test
    void anExceptionWithoutMessageIsNamedByItsClass() {
        assertThat(parse(Errors.body(new NullPointerException())).getString("error")).isEqualTo("java.lang.NullPointerException");
    }

    @Test
    void whatContainersWrapAroundAFailureIsNotItsOrigin() {
        IllegalStateException origin = new IllegalStateException("no shelf to index");
        assertThat(Errors.origin(new RuntimeException("WELD-000049", new InvocationTargetException(origin)))).isSameAs(origin);
        assertThat(Errors.origin(origin)).isSameAs(origin);
    }

    @Test
    void theLastItemOfAStreamUsesAgentCoresNames() {
        JsonObject json = parse(Errors.lastItem(new IllegalStateException("out of words")));
        assertThat(json.keySet()).containsExactlyInAnyOrder("error", "error_type", "message");
        assertThat(json.getString("error")).isEqualTo("out of words");
    }

    @Test
    void wrappersAreTakenOff() {
        Exception cause = new IllegalStateException("real");
        assertThat(Errors.cause(new CompletionException(new InvocationTargetException(cause)))).isSameAs(cause);
        assertThat(Errors.cause(new CompletionException("alone", null))).hasMessage("alone");
    }

    @Test
    void anyTextSurvivesQuoting() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            StringBuilder text = new StringBuilder();
            random.ints(random.nextInt(20), 0, 0x10000).forEach(c -> text.append((char) (random.nextBoolean() ? c : c % 128)));
            String quoted = JsonText.quote(text.toString());
            byte[] sent = quoted.getBytes(StandardCharsets.UTF_8);
            assertThat(new String(sent, StandardCharsets.UTF_8)).as("seed %d", seed).isEqualTo(quoted);
            assertThat(parse("{\"x\":" + quoted + "}").getString("x")).as("seed %d", seed).isEqualTo(text.toString());
        }
    }

    private static JsonObject parse(String json) {
        return Json.createReader(new StringReader(json)).readObject();
    }
}
