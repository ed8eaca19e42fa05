package dev.agentruntime.invocation;

import static dev.agentruntime.invocation.TestDoor.assertRefusal;
import static dev.agentruntime.invocation.TestDoor.send;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are broken, compressed, large or left half-way, and answers that break off, over real connections. */
@EnabledIfSystemProperty(named = "liberty.home", matches = ".+")
class OddRequestIT {

    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n\r\n";

    private final TestDoor door = TestDoor.open();

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\n", "4\r\nhalf\r\nzz\r\n", "4\r\nhalfzz\r\n", "-5\r\nhello\r\n0\r\n\r\n"})
    void aBodyWhoseChunksAreBrokenIsRefused(String chunks) throws Exception {
        assertThat(answerTo(CHUNKED + chunks, false)).startsWith("HTTP/1.1 400 ").contains("ValidationException");
    }

    @ParameterizedTest
    @CsvSource({"'Content-Length: 100\r\n\r\nhalf'", "'Transfer-Encoding: chunked\r\n\r\n10\r\nhalf'"})
    void aBodyThatIsCutIsRefused(String rest) throws Exception {
        assertThat(answerTo(rest, true)).startsWith("HTTP/1.1 400 ").contains("ValidationException");
    }

    /** Of the operations that read it whole, too. */
    @ParameterizedTest
    @ValueSource(strings = {"DELETE", "PATCH"})
    void aBrokenBodyOfAnotherOperationIsRefusedAsWell(String method) throws Exception {
        try (Socket socket = door.rawOf(method + " /agents/runtimes/echo/sessions/" + "s".repeat(40), CHUNKED + "4\r\nhalf\r\nzz\r\n")) {
            assertThat(answer(socket)).startsWith("HTTP/1.1 400 ").contains("ValidationException", "did not arrive whole");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "x-gzip", "deflate"})
    void plainBytesThatAreCalledCompressedAreRefused(String coding) throws Exception {
        assertThat(answerTo("Content-Encoding: " + coding + "\r\nContent-Length: 12\r\n\r\nnot that way", false))
                .startsWith("HTTP/1.1 400 ").contains("ValidationException");
    }

    @Test
    void aBodyThatStopsComingIsTimedOut() throws Exception {
        assertThat(answerTo("Content-Length: 100\r\n\r\nhalf", false)).startsWith("HTTP/1.1 408 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate"})
    void theAgentGetsTheBytesOfACompressedBodyAndALengthThatFits(String coding) throws Exception {
        String text = "{\"text\":\"" + "compressible ".repeat(5000) + "\"}";
        HttpResponse<String> answer = send(door.invoke("echo", "").header("Content-Encoding", coding)
                .header("Content-Type", "application/json").POST(BodyPublishers.ofByteArray(compressed(coding, text))));
        assertThat(answer.statusCode()).as("%s", answer.body()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(text);
        assertThat(door.agent.seen.get()).doesNotContainKey("Content-Encoding");
    }

    @Test
    void aBodyOfAnotherCodingIsPassedAsItIs() throws Exception {
        HttpResponse<String> answer = send(door.invoke("echo", "").header("Content-Encoding", "br").POST(BodyPublishers.ofString("as it is")));
        assertThat(answer.body()).isEqualTo("as it is");
        assertThat(door.agent.seen.get().getFirst("Content-Encoding")).isEqualTo("br");
    }

    @Test
    void aBombIsRefused() throws Exception {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bomb)) {
            new Zeros(101_000_000).transferTo(gzip);
        }
        HttpResponse<String> answer = send(door.invoke("echo", "swallow").header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(bomb.toByteArray())));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertRefusal(answer, "ValidationException");
    }

    @Test
    void headersOfTheContractsSizesArriveAndLargerOnesAreNamed() throws Exception {
        String longest = "b".repeat(8192);
        HttpResponse<String> passed = send(door.invoke("echo", "").header("baggage", longest).header("Mcp-A", longest)
                .POST(BodyPublishers.noBody()));
        assertThat(passed.statusCode()).as("%s", passed.body()).isEqualTo(200);
        assertThat(door.agent.seen.get().getFirst("baggage")).isEqualTo(longest);
        HttpResponse<String> refused = send(door.invoke("echo", "").header("baggage", longest + "b").POST(BodyPublishers.noBody()));
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(assertRefusal(refused, "ValidationException").getString("message")).contains("baggage");
    }

    @Test
    void aSubjectOfAThousandCharactersArrivesAndOthersAreRefused() throws Exception {
        assertThat(statusFor("\u4f60".repeat(1024))).isEqualTo(200);
        assertThat(statusFor("s".repeat(1025))).isEqualTo(403);
        // Liberty itself refuses some of these.
        assertThat(statusFor("")).isIn(401, 403);
        assertThat(statusFor("a\nb")).isIn(401, 403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "\n", "a\r\nFORGED [ERROR] CWWKS0000E: b", "a\u2028b"})
    void aSubjectWithALineBreakIsToldWithoutAdviceAboutTheKeyStoreAndForgesNoLog(String subject) throws Exception {
        HttpResponse<String> answer = send(TestDoor.authorized(TestDoor.uri("/runtimes/echo/invocations"),
                door.tokens.token(subject, "agent-invoker")).POST(BodyPublishers.noBody()));
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(assertRefusal(answer, "UnauthorizedException").getString("message")).contains("'sub'").doesNotContain("keyStore");
        assertThat(answer.headers().allValues("WWW-Authenticate")).allMatch(challenge -> challenge.startsWith("Bearer "));
        assertThat(door.liberty.log()).noneMatch(line -> line.startsWith("FORGED"));
    }

    @Test
    void anAnswerHasTheLanguageThatItsAgentStatesAndElseNone() throws Exception {
        assertThat(send(door.invoke("echo", "").POST(BodyPublishers.ofString("x"))).headers().map()).doesNotContainKey("content-language");
        assertThat(send(door.invoke("echo", "stream 2 10").POST(BodyPublishers.ofString("x"))).headers().map())
                .doesNotContainKey("content-language");
        assertThat(send(door.invoke("raw", "german").POST(BodyPublishers.ofString("x"))).headers().allValues("content-language"))
                .containsExactly("de, fr-CH");
        assertThat(send(door.invoke("echo", "fail").POST(BodyPublishers.ofString("x"))).headers().allValues("content-language"))
                .containsExactly("en");
    }

    private int statusFor(String subject) throws Exception {
        return send(TestDoor.authorized(TestDoor.uri("/runtimes/echo/invocations"), door.tokens.token(subject, "agent-invoker"))
                .POST(BodyPublishers.noBody())).statusCode();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut-in-chunk", "cut-between-chunks", "bad-chunk", "cut-in-length"})
    void anAnswerThatBreaksOffIsNotMadeWhole(String mode) throws Exception {
        try (Socket socket = door.raw("raw", mode, "Content-Length: 2\r\n\r\n{}")) {
            String answer = TestDoor.rest(socket);
            assertThat(answer).startsWith("HTTP/1.1 200 OK").contains("half").doesNotContain("\r\n0\r\n");
        }
    }

    @Test
    void whatIsLeftOfARefusedBodyIsNotReadAsARequest() throws Exception {
        String smuggled = "GET /agents/runtimes HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + door.alice + "\r\n\r\n";
        for (String[] target : new String[][] {{"raw", "no-read"}, {"broken", ""}, {"nowhere", ""}}) {
            StringBuilder body = new StringBuilder();
            while (body.length() < 3_000_000) {
                body.append(smuggled);
            }
            try (Socket socket = door.raw(target[0], target[1], "Content-Length: " + body.length() + "\r\n\r\n")) {
                Thread writer = new Thread(() -> write(socket, body.toString()));
                writer.start();
                BufferedReader in = TestDoor.reader(socket);
                int answers = 0;
                socket.setSoTimeout(3000);
                try {
                    for (String line = in.readLine(); line != null; line = in.readLine()) {
                        answers += line.contains("HTTP/1.1 ") ? 1 : 0;
                    }
                } catch (IOException nothingMore) {
                    // As it should be.
                }
                assertThat(answers).as(target[0]).isEqualTo(1);
                writer.join();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 5\t", "Content-Length: 18446744073709551621", "Content-Length: 5\r\nContent-Length: 5",
        "Transfer-Encoding: identity\r\nContent-Length: 5", "Transfer-Encoding: xchunked", "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: chunked, chunked", "Transfer-Encoding: chunked\t", "Transfer-Encoding: \u000bchunked",
        "Transfer-Encoding: \"chunked\"", "Transfer-Encoding: chunked;x", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity"})
    void aRequestWhoseBodysEndIsNotClearIsRefused(String framing) throws Exception {
        assertThat(answersTo(framing)).startsWith("HTTP/1.1 400 ").contains("ValidationException").containsOnlyOnce("HTTP/1.1 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: -1", "Content-Length: +5", "Content-Length: 5, 5", "Content-Length: 5,6", "Content-Length: 0x5",
        "Content-Length: 1e1", "Content-Length:", "Content-Length: 5\r\nContent-Length: 0", "Content-Length: 0\r\nContent-Length: 5",
        "Content-Length: 3\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 5", "X-Nothing: 1"})
    void nothingBehindARequestIsReadAsAnotherWhereItsBodyMayBeThere(String framing) throws Exception {
        assertThat(answersTo(framing)).containsOnlyOnce("HTTP/1.1 ");
    }

    private String answersTo(String framing) throws Exception {
        String smuggled = "GET /agents/runtimes HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + door.alice + "\r\n\r\n";
        try (Socket socket = door.raw("echo", "", framing + "\r\n\r\n5\r\nhello\r\n0\r\n\r\n" + smuggled)) {
            return TestDoor.rest(socket);
        }
    }

    private static void write(Socket socket, String text) {
        try {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException closed) {
            // The server need not read it.
        }
    }

    private String answerTo(String rest, boolean halfClose) throws Exception {
        try (Socket socket = door.raw("echo", "", rest)) {
            if (halfClose) {
                socket.shutdownOutput();
            }
            return answer(socket);
        }
    }

    private static String answer(Socket socket) throws IOException {
        BufferedReader in = TestDoor.reader(socket);
        StringBuilder answer = new StringBuilder();
        for (int next = in.read(); next >= 0 && answer.indexOf("}") < 0; next = in.read()) {
            answer.append((char) next);
        }
        return answer.toString();
    }

    private static byte[] compressed(String coding, String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = coding.equals("gzip") ? new GZIPOutputStream(bytes) : new DeflaterOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
