package dev.agentruntime.examples.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.examples.support.AuditPapers;
import dev.agentruntime.sdk.AgentDocument;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditorTest {

    @TempDir
    Path folder;

    private Path sheet;
    private Path image;

    private record Document(String name, Path file) implements AgentDocument {
        @Override
        public Optional<String> fileName() {
            return Optional.empty();
        }

        @Override
        public Optional<String> contentType() {
            return Optional.empty();
        }

        @Override
        public long sizeBytes() {
            return file.toFile().length();
        }

        @Override
        public InputStream open() throws IOException {
            return Files.newInputStream(file);
        }
    }

    @BeforeEach
    void write() throws IOException {
        sheet = folder.resolve("sheet.xlsx");
        image = folder.resolve("image.png");
        AuditPapers.writeWorkbook(sheet, 2000, 1);
        AuditPapers.writeImage(image, List.of("Invoices!B7=" + AuditPapers.amount(7), "Invoices!B1999=0.01", "Invoices!B2001=5", "Costs!B1=1"),
                200_000, 2);
    }

    @Test
    void theCellsThatDifferAreNamed() throws IOException {
        assertThat(audit()).isEqualTo(new Findings(4000, 4, List.of(
                new Difference("Invoices!B1999", AuditPapers.amount(1999), "0.01"),
                new Difference("Invoices!B2001", "", "5"),
                new Difference("Costs!B1", "", "1"))));
    }

    @Test
    void amountsAreComparedAsNumbersAndNotAsTexts() throws IOException {
        AuditPapers.writeImage(image, List.of("Invoices!B1=" + AuditPapers.amount(1) + "0"), 100_000, 2);
        assertThat(audit().differences()).isEmpty();
    }

    @Test
    void aDamagedImageIsNoticed() throws IOException {
        byte[] bytes = Files.readAllBytes(image);
        bytes[bytes.length / 2]++;
        Files.write(image, bytes);
        assertThatThrownBy(this::audit).isInstanceOf(UnreadableException.class).hasMessageContaining("check sum of a chunk IDAT is wrong");
    }

    @Test
    void anImageThatEndsEarlyIsNoticed() throws IOException {
        Files.write(image, Arrays.copyOf(Files.readAllBytes(image), 100_000));
        assertThatThrownBy(this::audit).hasMessage("The image ends before its last chunk");
    }

    @Test
    void whatIsNoImageAndNoWorkbookIsToldSo() throws IOException {
        Files.writeString(sheet, "a,b,c");
        assertThatThrownBy(this::audit).isInstanceOf(UnreadableException.class).hasMessageContaining("cannot be read as a workbook");
        Files.writeString(image, "GIF89a");
        assertThatThrownBy(this::audit).hasMessage("The image is no PNG");
    }

    @Test
    void aWorkbookThatGrowsAThousandfoldIsNotRead() throws IOException {
        replaceSheet("<worksheet><sheetData>" + " ".repeat(50_000_000) + "</sheetData></worksheet>");
        assertThatThrownBy(this::audit).isInstanceOf(UnreadableException.class).hasMessageContaining("Zip bomb");
    }

    @Test
    void aWorkbooksEntitiesAreNotFollowed() throws IOException {
        replaceSheet("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><worksheet><sheetData><row><c r=\"B7\"><v>&e;</v></c></row></sheetData></worksheet>");
        assertThatThrownBy(this::audit).isInstanceOf(UnreadableException.class).hasMessageContaining("DOCTYPE");
    }

    @ParameterizedTest
    @CsvSource({"s, <v>7</v>", "inlineStr, <is><t>7</t></is>", "b, <v>1</v>", "e, <v>#DIV/0!</v>"})
    void aTextOrATruthIsNotTakenForTheNumberByWhichItIsWritten(String type, String content) throws IOException {
        replaceSheet("<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row><c r=\"B7\" t=\"" + type + "\">"
                + content + "</c></row></sheetData></worksheet>");
        assertThatThrownBy(this::audit).isInstanceOf(UnreadableException.class).hasMessage("The cell Invoices!B7 holds no number: it is of the type " + type);
    }

    @Test
    void bothDocumentsAreNeeded() {
        assertThatThrownBy(() -> new Auditor().invoke(new Papers(null, null))).hasMessageContaining("sheet and image are needed");
    }

    private Findings audit() throws IOException {
        return new Auditor().invoke(new Papers(new Document("sheet", sheet), new Document("image", image)));
    }

    private void replaceSheet(String xml) throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(sheet);
             OutputStream out = Files.newOutputStream(zip.getPath("xl/worksheets/sheet1.xml"))) {
            out.write(xml.getBytes(StandardCharsets.UTF_8));
        }
    }
}
