package dev.agentruntime.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InlineDocumentsTest {

    private static final Json JSON = Json.withDocuments();
    private static final long SEED = System.nanoTime();

    public record Inner(String sheet) {
    }

    public record Papers(String note, AgentDocument sheet, List<AgentDocument> pages, Inner inner, int number) {
    }

    @TempDir
    Path folder;

    private Documents documents;

    @BeforeEach
    void open() {
        documents = new Documents(folder);
    }

    @AfterEach
    void nothingIsLeftBehind() throws IOException {
        documents.close();
        documents.close();
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @AfterAll
    static void close() {
        JSON.close();
    }

    @Test
    void documentsAreDecodedIntoFilesAndTheRestIsReadAsEver() throws IOException {
        Papers papers = read("""
                {"note": "quote \\" and {\\"sheet\\": \\"bm8=\\"}", "inner": {"sheet": "not one"}, "sheet" : "c2hlZXQ=",
                 "pages": ["b25l", "dHdv"], "number": 7, "unknown": [{"sheet": "x"}]}""");
        assertThat(papers.note()).isEqualTo("quote \" and {\"sheet\": \"bm8=\"}");
        assertThat(papers.inner().sheet()).isEqualTo("not one");
        assertThat(papers.number()).isEqualTo(7);
        assertThat(text(papers.sheet())).isEqualTo("sheet");
        assertThat(papers.sheet().name()).isEqualTo("sheet");
        assertThat(papers.sheet().sizeBytes()).isEqualTo(5);
        assertThat(papers.pages()).extracting(InlineDocumentsTest::text).containsExactly("one", "two");
        assertThat(papers.sheet().contentType()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "data:image/png;base64,cG5n | image/png | png",
        "data:;base64,cG5n          |           | png",
        "ZGF0                       |           | dat",
        "dGhpcw==                   |           | this",
        "''                         |           | ''",
    })
    void dataUrlsGiveTheMediaType(String value, String type, String content) {
        AgentDocument sheet = read("{\"sheet\": \"" + value + "\"}").sheet();
        assertThat(sheet.contentType().orElse(null)).isEqualTo(type);
        assertThat(text(sheet)).isEqualTo(content);
    }

    @Test
    void escapesThatEncodersMakeAreRead() {
        byte[] bytes = {(byte) 0xff, (byte) 0xff, (byte) 0xfe};
        String base64 = Base64.getEncoder().encodeToString(bytes).replace("/", "\\/");
        AgentDocument sheet = read("{\"sheet\": \"" + base64.substring(0, 2) + "\\r\\n" + base64.substring(2) + "\"}").sheet();
        assertThat(sheet.file()).hasBinaryContent(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "####", "YWJj=YWJj", "YQ==YQ==", "data:image/png,raw", "data:image/png", "\\u0041AAA", "äöüß", "YWJj YWJj"})
    void whatIsNoBase64IsTheCallersFault(String value) {
        assertThatThrownBy(() -> read("{\"sheet\": \"" + value + "\"}")).isInstanceOf(BadRequestException.class).hasMessage("Invalid document");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"sheet\": \"YWJj", "{\"sheet\": \"YWJj\\", "{\"sheet\": \"YWJj\"", "{\"sheet\": 7}", "[\"sheet\", \"YWJj\"]", "\"sheet\""})
    void brokenJsonIsTheCallersFault(String body) {
        assertThatThrownBy(() -> read(body)).isInstanceOf(BadRequestException.class);
    }

    @Test
    void paddingInTheMiddleIsNotedWhereverTheChunksEnd() {
        String first = "A".repeat(64 * 1024 - 4) + "AA==";
        assertThatThrownBy(() -> read("{\"sheet\": \"" + first + "AAAA\"}")).isInstanceOf(BadRequestException.class);
    }

    @Test
    void randomBytesComeOutAsTheyWentInWhateverTheReadersPace() throws IOException {
        Random random = new Random(SEED);
        for (int round = 0; round < 40; round++) {
            byte[] bytes = new byte[random.nextInt(300_000)];
            random.nextBytes(bytes);
            String body = "{\"pages\": [\"" + Base64.getEncoder().encodeToString(bytes) + "\"], \"note\": \"end\"}";
            Papers papers = (Papers) documents.during(() -> JSON.read(new Dripping(body, random), StandardCharsets.UTF_8,
                    DocumentFields.of(Papers.class), documents, Papers.class));
            assertThat(papers.pages().get(0).file()).as("seed %d, round %d", SEED, round).hasBinaryContent(bytes);
            assertThat(papers.note()).isEqualTo("end");
        }
    }

    @Test
    void aDocumentLargerThanTheHeapFitsIntoAFileAndLeavesTheHeapFlat() throws IOException {
        long size = 300_000_000;
        Papers papers = (Papers) documents.during(() -> JSON.read(new EndlessA(size), StandardCharsets.UTF_8,
                DocumentFields.of(Papers.class), documents, Papers.class));
        assertThat(papers.sheet().sizeBytes()).isEqualTo(size / 4 * 3);
    }

    @Test
    void aFullDiskIsNoFaultOfTheCaller() throws IOException {
        Path gone = Files.createDirectory(folder.resolve("gone"));
        Documents homeless = new Documents(gone);
        Files.delete(gone);
        assertThatThrownBy(() -> homeless.during(() -> JSON.read(new ByteArrayInputStream("{\"sheet\": \"YWJj\"}".getBytes(StandardCharsets.UTF_8)),
                StandardCharsets.UTF_8, DocumentFields.of(Papers.class), homeless, Papers.class)))
                .isInstanceOf(DocumentStorageException.class).hasMessageContaining("raise the agent's memory");
    }

    @Test
    void moreDocumentsThanAnybodySendsAreRefused() {
        assertThatThrownBy(() -> read("{\"pages\": [" + "\"\",".repeat(1000) + "\"\"]}"))
                .isInstanceOf(BadRequestException.class).hasMessage("Too many documents");
    }

    @Test
    void onlyTheBodysOwnFieldsAreDocuments() {
        assertThat(DocumentFields.of(Papers.class).listed()).containsOnlyKeys("sheet", "pages").containsEntry("pages", true);
        assertThat(DocumentFields.of(String.class).isEmpty()).isTrue();
        assertThat(DocumentFields.of(Inner.class).isEmpty()).isTrue();
    }

    private Papers read(String body) {
        try {
            return (Papers) documents.during(() -> JSON.read(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)),
                    StandardCharsets.UTF_8, DocumentFields.of(Papers.class), documents, Papers.class));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(AgentDocument document) {
        try (InputStream in = document.open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives a few bytes at a time. */
    private static final class Dripping extends ByteArrayInputStream {
        private final Random random;

        Dripping(String text, Random random) {
            super(text.getBytes(StandardCharsets.UTF_8));
            this.random = random;
        }

        @Override
        public synchronized int read(byte[] target, int offset, int length) {
            return super.read(target, offset, Math.min(length, 1 + random.nextInt(5000)));
        }
    }

    /** A body with a document of so many letters A. */
    private static final class EndlessA extends InputStream {
        private static final byte[] BEGIN = "{\"sheet\": \"".getBytes(StandardCharsets.UTF_8);
        private static final byte[] END = "\"}".getBytes(StandardCharsets.UTF_8);
        private final long size;
        private long given;

        EndlessA(long size) {
            this.size = size;
        }

        @Override
        public int read() {
            long at = given++;
            if (at < BEGIN.length) {
                return BEGIN[(int) at];
            }
            if (at < BEGIN.length + size) {
                return 'A';
            }
            long rest = at - BEGIN.length - size;
            return rest < END.length ? END[(int) rest] : -1;
        }
    }
}
