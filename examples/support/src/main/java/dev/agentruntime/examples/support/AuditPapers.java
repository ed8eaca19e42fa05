package dev.agentruntime.examples.support;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Makes what the audit example compares: a workbook and an image as large as wanted, the same for the same seed. */
public final class AuditPapers {

    private static final String PACKAGE = "http://schemas.openxmlformats.org/package/2006/";
    private static final String OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private static final String SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private static final String MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
    private static final int WIDTH_PIXELS = 4096;
    private static final int BYTES_OF_A_PIXEL = 3;

    private AuditPapers() {
    }

    /** What a row's cell in column B holds. */
    public static String amount(int row) {
        return String.format("%d.%02d", row * 7919L % 100_000, row * 31L % 100);
    }

    /** A workbook with one sheet, Invoices: a long text that hardly compresses in column A, {@link #amount} in B. 100 bytes a row. */
    public static void writeWorkbook(Path file, int rows, long seed) throws IOException {
        Random random = new Random(seed);
        byte[] noise = new byte[90];
        try (ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16))) {
            zip.setLevel(Deflater.BEST_SPEED);
            entry(zip, "[Content_Types].xml", "<Types xmlns=\"" + PACKAGE + "content-types\">"
                    + "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                    + "<Override PartName=\"/xl/workbook.xml\" ContentType=\"" + MIME + "sheet.main+xml\"/>"
                    + "<Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"" + MIME + "worksheet+xml\"/></Types>");
            entry(zip, "_rels/.rels", "<Relationships xmlns=\"" + PACKAGE + "relationships\"><Relationship Id=\"r1\" Type=\""
                    + OFFICE + "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>");
            entry(zip, "xl/workbook.xml", "<workbook xmlns=\"" + SHEET + "\" xmlns:r=\"" + OFFICE
                    + "\"><sheets><sheet name=\"Invoices\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>");
            entry(zip, "xl/_rels/workbook.xml.rels", "<Relationships xmlns=\"" + PACKAGE + "relationships\"><Relationship Id=\"r1\" Type=\""
                    + OFFICE + "/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>");
            zip.putNextEntry(new ZipEntry("xl/worksheets/sheet1.xml"));
            write(zip, "<worksheet xmlns=\"" + SHEET + "\"><sheetData>");
            for (int row = 1; row <= rows; row++) {
                random.nextBytes(noise);
                write(zip, "<row r=\"" + row + "\"><c r=\"A" + row + "\" t=\"inlineStr\"><is><t>" + Base64.getEncoder().encodeToString(noise)
                        + "</t></is></c><c r=\"B" + row + "\"><v>" + amount(row) + "</v></c></row>");
            }
            write(zip, "</sheetData></worksheet>");
            zip.closeEntry();
        }
    }

    /** A picture of noise with these texts of the keyword {@code amount}, each {@code cell=value}. */
    public static void writeImage(Path file, List<String> amounts, long sizeBytes, long seed) throws IOException {
        int lines = (int) Math.max(1, sizeBytes / (WIDTH_PIXELS * BYTES_OF_A_PIXEL));
        Random random = new Random(seed);
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16))) {
            out.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
            chunk(out, "IHDR", ByteBuffer.allocate(13).putInt(WIDTH_PIXELS).putInt(lines).put(new byte[] {8, 2, 0, 0, 0}).array());
            for (String amount : amounts) {
                chunk(out, "tEXt", ("amount\0" + amount).getBytes(StandardCharsets.ISO_8859_1));
            }
            try (OutputStream pixels = new DeflaterOutputStream(new ImageData(out), new Deflater(Deflater.NO_COMPRESSION), 1 << 16)) {
                byte[] line = new byte[1 + WIDTH_PIXELS * BYTES_OF_A_PIXEL];
                for (int y = 0; y < lines; y++) {
                    random.nextBytes(line);
                    line[0] = 0; // no filter
                    pixels.write(line);
                }
            }
            chunk(out, "IEND", new byte[0]);
        }
    }

    private static void entry(ZipOutputStream zip, String name, String content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        write(zip, content);
        zip.closeEntry();
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void chunk(DataOutputStream out, String type, byte[] content) throws IOException {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 sum = new CRC32();
        sum.update(name);
        sum.update(content);
        out.writeInt(content.length);
        out.write(name);
        out.write(content);
        out.writeInt((int) sum.getValue());
    }

    /** Makes chunks of compressed pixels. */
    private static final class ImageData extends ByteArrayOutputStream {
        private final DataOutputStream out;

        ImageData(DataOutputStream out) {
            this.out = out;
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            super.write(bytes, offset, length);
            if (size() >= 1 << 16) {
                flushChunk();
            }
        }

        @Override
        public void close() {
            flushChunk();
        }

        private synchronized void flushChunk() {
            try {
                chunk(out, "IDAT", toByteArray());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            reset();
        }
    }
}
