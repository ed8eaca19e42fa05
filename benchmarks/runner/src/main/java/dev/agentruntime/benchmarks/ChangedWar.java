package dev.agentruntime.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** A WAR that does the same as another and has another digest. */
final class ChangedWar {

    private static final String MARK = "META-INF/benchmark.txt";
    private static final int VERSION_DIGITS = 12;

    private ChangedWar() {}

    /** Writes it; returns its digest as the platform will show it. */
    static String of(Path war, Path changed, String mark) throws IOException {
        try (ZipFile source = new ZipFile(war.toFile()); ZipOutputStream target = new ZipOutputStream(Files.newOutputStream(changed))) {
            Enumeration<? extends ZipEntry> entries = source.entries();
            while (entries.hasMoreElements()) {
                ZipEntry entry = entries.nextElement();
                if (!entry.getName().equals(MARK)) {
                    target.putNextEntry(new ZipEntry(entry.getName()));
                    source.getInputStream(entry).transferTo(target);
                }
            }
            target.putNextEntry(new ZipEntry(MARK));
            target.write(mark.getBytes(StandardCharsets.UTF_8));
        }
        return digest(Files.readAllBytes(changed));
    }

    private static String digest(byte[] war) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(war)).substring(0, VERSION_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every JDK has SHA-256", e);
        }
    }
}
