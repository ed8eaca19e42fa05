package dev.agentruntime.examples.http;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** One model behind an OpenAI-compatible endpoint. Thread-safe. */
final class Model {

    private static final Duration LONGEST_ANSWER = Duration.ofMinutes(2);

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10)).build();
    private final URI endpoint;
    private final String name;

    Model(String baseUrl, String name) {
        this.endpoint = URI.create(baseUrl + "/chat/completions");
        this.name = name;
    }

    /** Asks and waits for the answer. */
    String answer(String prompt) throws IOException, InterruptedException {
        JsonObject question = Json.createObjectBuilder().add("model", name).add("messages", Json.createArrayBuilder()
                .add(Json.createObjectBuilder().add("role", "user").add("content", prompt))).build();
        HttpResponse<String> response = client.send(HttpRequest.newBuilder(endpoint).timeout(LONGEST_ANSWER)
                .header("Content-Type", "application/json").POST(BodyPublishers.ofString(question.toString())).build(),
                BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("The model at " + endpoint + " answered " + response.statusCode() + ": " + response.body());
        }
        try (JsonReader reader = Json.createReader(new StringReader(response.body()))) {
            return reader.readObject().getJsonArray("choices").getJsonObject(0).getJsonObject("message").getString("content");
        } catch (JsonException | NullPointerException | IndexOutOfBoundsException | ClassCastException e) {
            throw new IOException("The model at " + endpoint + " did not answer with a chat completion: " + response.body(), e);
        }
    }
}
