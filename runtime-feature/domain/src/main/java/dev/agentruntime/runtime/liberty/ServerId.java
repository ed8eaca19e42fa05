package dev.agentruntime.runtime.liberty;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.CRC32;

/** Names this server among all that use a hypervisor, the same after each restart. */
final class ServerId {

    private static final int MOST_OF_NAME = 8;

    private ServerId() {}

    /** The beginning of the server's name for people, and eight digits of its directory that tell namesakes apart. */
    static String of(String name, String directory) {
        String letters = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        CRC32 sum = new CRC32();
        sum.update((name + "\n" + directory).getBytes(StandardCharsets.UTF_8));
        return letters.substring(0, Math.min(MOST_OF_NAME, letters.length())) + String.format("%08x", sum.getValue());
    }
}
