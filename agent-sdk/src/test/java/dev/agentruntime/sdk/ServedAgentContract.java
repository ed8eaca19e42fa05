package dev.agentruntime.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client sees of an agent, whatever Jakarta EE 10 server runs its WAR. */
abstract class ServedAgentContract {

    private final HttpClient client = HttpClient.newBuilder().version(version()).build();

    /** Where {@link dev.agentruntime.testagents.ProbeAgent} is served, with a slash at the end. */
    abstract URI probe();

    /** Where {@link dev.agentruntime.testagents.EchoAgent} is served. */
    abstract URI echo();

    /** With HTTP_2 the client asks for an upgrade, which a server may ignore. */
    HttpClient.Version version() {
        return HttpClient.Version.HTTP_1_1;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "text            | application/json         | \"two\\nlines and \\\"quotes\\\"\"",
        "null            | application/json         | null",
        "bytes           | application/octet-stream | raw",
        "stream of bytes | application/octet-stream | raw stream",
        "stage           | application/json         | {\"late\":true}",
        "finished stage  | application/json         | \"at once\"",
    })
    void everyKindOfResultHasItsForm(String mode, String contentType, String body) throws Exception {
        HttpResponse<String> response = post(mode);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(contentType(response)).isEqualTo(contentType);
        assertThat(response.body()).isEqualTo(body);
    }

    @Test
    void aWarmUpCallsTheAgentWithTheBodyItNamesForThat() throws Exception {
        HttpResponse<String> response = client.send(
                request(probe(), "{\"mode\":\"throw\"}").header(WarmUp.ASKED, "1").build(), BodyHandlers.ofString());
        assertThat(response.body()).isEqualTo("{\"warmUp\":true}");
    }

    @Test
    void aWarmUpStopsBeforeAnAgentThatNamesNoBodyForIt() throws Exception {
        HttpResponse<String> response = client.send(
                request(echo(), "").header(WarmUp.ASKED, "1").build(), BodyHandlers.ofString());
        assertThat(response.body()).isEqualTo("{\"status\":\"warm\"}");
    }

    @Test
    void headersReachTheAgent() throws Exception {
        HttpResponse<String> response = client.send(request(probe(), "{\"mode\":\"object\"}")
                .header(InvocationContext.SESSION_ID, "s-1").header("X-Probe", "here").build(), BodyHandlers.ofString());
        assertThat(response.body()).contains("\"session\":\"s-1\"").contains("\"header\":\"here\"");
    }

    @Test
    void documentsComeInAFormAndAreGoneAfterTheAnswer() throws Exception {
        String form = part("note", "", "two papers") + part("sheet", "; filename=\"../../sheet.xlsx\"\r\nContent-Type: application/vnd.ms-excel", "cells")
                + part("pages", "; filename=\"1.png\"\r\nContent-Type: image/png", "first") + part("pages", "; filename=\"2.png\"", "second!") + "--limit--\r\n";
        HttpResponse<String> response = client.send(HttpRequest.newBuilder(probe().resolve("papers/invocations"))
                .header("Content-Type", "multipart/form-data; boundary=limit").POST(BodyPublishers.ofString(form)).build(), BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        List<String> lines = lines(response.body());
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).isEqualTo("note two papers");
        assertThat(lines.get(1)).startsWith("sheet|").contains("sheet.xlsx|application/vnd.ms-excel|5|cells|");
        assertThat(lines.get(2)).startsWith("pages|1.png|image/png|5|first|");
        assertThat(lines.get(3)).startsWith("pages|2.png|").contains("|7|second!|");
        assertFilesAreGone(lines);
    }

    @Test
    void documentsComeInJsonAndAreGoneAfterTheAnswer() throws Exception {
        HttpResponse<String> response = client.send(request(probe().resolve("papers/"), """
                {"note": "in JSON", "sheet": "data:text/plain;base64,Y2VsbHM=", "pages": ["Zmlyc3Q=", "c2Vjb25kIQ=="]}""").build(),
                BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        List<String> lines = lines(response.body());
        assertThat(lines.get(0)).isEqualTo("note in JSON");
        assertThat(lines.get(1)).startsWith("sheet|-|text/plain|5|cells|");
        assertThat(lines.get(3)).startsWith("pages|-|-|7|second!|");
        assertFilesAreGone(lines);
    }

    @Test
    void documentsThatCannotBeReadAreTheCallersFault() throws Exception {
        HttpResponse<String> noBase64 = client.send(request(probe().resolve("papers/"), "{\"sheet\": \"%%%%\"}").build(), BodyHandlers.ofString());
        assertThat(noBase64.statusCode()).isEqualTo(400);
        assertThat(noBase64.body()).startsWith("{\"error\":\"Invalid document\"");
        HttpResponse<String> noForm = client.send(HttpRequest.newBuilder(probe().resolve("papers/invocations"))
                .header("Content-Type", "multipart/form-data").POST(BodyPublishers.ofString("whatever")).build(), BodyHandlers.ofString());
        assertThat(noForm.statusCode()).isEqualTo(400);
        assertThat(noForm.body()).startsWith("{\"error\":\"Invalid form\"");
    }

    private static String part(String name, String more, String content) {
        return "--limit\r\nContent-Disposition: form-data; name=\"" + name + "\"" + more + "\r\n\r\n" + content + "\r\n";
    }

    private static List<String> lines(String json) {
        try (JsonReader reader = jakarta.json.Json.createReader(new StringReader(json))) {
            return reader.readArray().getValuesAs(JsonString.class).stream().map(JsonString::getString).toList();
        }
    }

    private static void assertFilesAreGone(List<String> lines) {
        List<Path> files = lines.stream().filter(line -> line.contains("|"))
                .map(line -> Path.of(line.substring(line.lastIndexOf('|') + 1))).toList();
        assertThat(files).isNotEmpty().allMatch(Path::isAbsolute);
        await().untilAsserted(() -> assertThat(files).noneMatch(Files::exists));
    }

    @Test
    void voidAnswersWithoutContent() throws Exception {
        HttpResponse<String> response = client.send(request(echo(), "anything").build(), BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(response.body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "throw,         java.io.IOException,              no \\\"paper\\\"",
        "failing stage, java.lang.IllegalStateException,  too late",
        "unwritable,    java.lang.IllegalStateException,  cannot be written as JSON",
    })
    void aFailureIsAJsonError(String mode, String type, String message) throws Exception {
        HttpResponse<String> response = client.send(
                request(probe(), "{\"mode\":\"" + mode + "\",\"message\":\"no \\\"paper\\\"\"}").build(), BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(contentType(response)).isEqualTo("application/json");
        assertThat(response.body()).startsWith("{\"error\":\"").contains(message).endsWith("\"errorType\":\"" + type + "\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"consent", "stage of consent", "publisher of consent"})
    void aUserWhoHasToConsentFirstIsToldWhere(String mode) throws Exception {
        HttpResponse<String> response = post(mode);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body().strip()).startsWith(mode.startsWith("publisher") ? "data: 1\n\ndata: {" : "{").endsWith(
                "{\"authorizationRequired\":{\"provider\":\"github\",\"authorizationUrl\":\"https://idp/authorize?x=1\",\"sessionUri\":\"urn:1\"}}");
    }

    @ParameterizedTest
    @CsvSource({
        "bytes that never come,          java.lang.IllegalStateException, the page is torn",
        "stage of bytes that never come, java.lang.IllegalStateException, the page is torn",
        "knot,                           java.lang.IllegalStateException, cannot be written as JSON",
        "stage of knot,                  java.lang.IllegalStateException, cannot be written as JSON",
    })
    void aResultThatFailsAsItIsSentIsAJsonErrorToo(String mode, String type, String message) throws Exception {
        HttpResponse<String> response = post(mode);
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(contentType(response)).isEqualTo("application/json");
        assertThat(response.body()).startsWith("{\"error\":\"").contains(message).endsWith("\"errorType\":\"" + type + "\"}");
    }

    @Test
    void bytesThatBreakOffDoNotLookWhole() {
        assertBreaksOff("torn bytes");
    }

    /** Over HTTP/2 the connection carries other answers and stays. */
    final void assertBreaksOff(String mode) {
        assumeTrue(version() == HttpClient.Version.HTTP_1_1);
        assertThatThrownBy(() -> post(mode)).isInstanceOf(IOException.class).isNotInstanceOf(HttpTimeoutException.class);
    }

    @Test
    void anItemWithoutAnEndEndsTheStreamWithAFailure() throws Exception {
        assertThat(post("publisher of knot").body()).startsWith("data: {\"error\":\"").contains("cannot be written as JSON");
    }

    @Test
    void headersThatCannotBeReadAreTheCallersFault() throws Exception {
        HttpResponse<String> response = client.send(request(probe(), "{\"mode\":\"object\"}").header(InvocationContext.CALLER_ISSUER, "i")
                .header(InvocationContext.CALLER_SUBJECT, "%zz").build(), BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).startsWith("{\"error\":\"Invalid header\",\"details\":\"");
    }

    @Test
    void brokenJsonIsTheCallersFault() throws Exception {
        HttpResponse<String> response = client.send(request(probe(), "{\"mode\":").build(), BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).startsWith("{\"error\":\"Invalid JSON\",\"details\":\"");
    }

    static Stream<Arguments> eventStreams() {
        return Stream.of(
                Arguments.of("stream", "data: \"one\"\n\ndata: {\"n\":2}\n\ndata: [3]\n\n"),
                Arguments.of("publisher", "data: 1\n\ndata: 2\n\ndata: 3\n\ndata: 4\n\n"),
                Arguments.of("stage of publisher", "data: 1\n\ndata: 2\n\n"));
    }

    @ParameterizedTest
    @MethodSource("eventStreams")
    void itemsBecomeEvents(String mode, String body) throws Exception {
        HttpResponse<String> response = post(mode);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(contentType(response)).isEqualTo("text/event-stream");
        assertThat(response.headers().firstValue("cache-control")).hasValue("no-cache");
        assertThat(response.headers().firstValue("x-accel-buffering")).hasValue("no");
        assertThat(response.body()).isEqualTo(body);
    }

    @ParameterizedTest
    @CsvSource({"failing stream, three is too many", "failing publisher, out of numbers"})
    void aFailureInAStreamIsItsLastEvent(String mode, String message) throws Exception {
        HttpResponse<String> response = post(mode);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).startsWith("data: 1\n\ndata: 2\n\ndata: {\"error\":\"" + message + "\"")
                .contains("\"error_type\":\"java.lang.IllegalStateException\"").endsWith("}\n\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gated stream", "stage of gated stream", "stage of gated publisher", "gated publisher"})
    void anEventArrivesBeforeTheNextIsMade(String mode) throws Exception {
        try (BufferedReader events = open(mode)) {
            assertThat(events.readLine()).isEqualTo("data: \"before\"");
            assertThat(post("open gate").body()).isEqualTo("\"open\"");
            assertThat(events.readLine()).isEmpty();
            assertThat(events.readLine()).isEqualTo("data: \"after\"");
        }
    }

    @Test
    void aPublisherIsCancelledWhenTheClientLeaves() throws Exception {
        try (BufferedReader events = open("endless publisher")) {
            assertThat(events.readLine()).isEqualTo("data: 1");
        }
        assertThat(post("cancelled?").body()).isEqualTo("\"cancelled\"");
    }

    @Test
    void aPingIsBusyWhileATaskIsOpen() throws Exception {
        assertThat(ping()).startsWith("{\"status\":\"Healthy\",\"time_of_last_update\":");
        post("start task");
        assertThat(ping()).startsWith("{\"status\":\"HealthyBusy\"");
        post("end task");
        assertThat(ping()).startsWith("{\"status\":\"Healthy\"");
    }

    @Test
    void hooksOfARunningApplicationAreReachedByTheirMBean() throws Exception {
        assertThat(post("run hooks").body()).isEqualTo("[\"quiet\",\"awake s-9\"]");
    }

    private HttpResponse<String> post(String mode) throws IOException, InterruptedException {
        return client.send(request(probe(), "{\"mode\":\"" + mode + "\"}").build(), BodyHandlers.ofString());
    }

    private BufferedReader open(String mode) throws IOException, InterruptedException {
        InputStream body = client.send(request(probe(), "{\"mode\":\"" + mode + "\"}").build(),
                BodyHandlers.ofInputStream()).body();
        return new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    }

    private String ping() throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(probe().resolve("ping")).build(), BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(contentType(response)).isEqualTo("application/json");
        return response.body();
    }

    private static HttpRequest.Builder request(URI agent, String body) {
        return HttpRequest.newBuilder(agent.resolve("invocations")).timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
    }

    private static String contentType(HttpResponse<?> response) {
        return response.headers().firstValue("content-type").orElse("");
    }
}
