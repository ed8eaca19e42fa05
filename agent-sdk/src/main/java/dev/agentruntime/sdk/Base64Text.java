package dev.agentruntime.sdk;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** Base64, or a {@code data:} URL with base64, that comes in pieces and goes decoded into a file. For one thread. */
final class Base64Text {

    private static final int CHUNK_CHARS = 64 * 1024; // a multiple of four
    private static final int LONGEST_HEAD_CHARS = 256;
    private static final String URL = "data:";
    private static final String URL_BASE64 = ";base64";

    private final Documents documents;
    private final Path file;
    private final OutputStream out;
    private final byte[] chunk = new byte[CHUNK_CHARS];
    private final StringBuilder head = new StringBuilder();
    private boolean headIsRead;
    private boolean padded;
    private int used;
    private Optional<String> contentType = Optional.empty();

    Base64Text(Documents documents) {
        this.documents = documents;
        this.file = documents.newFile();
        this.out = documents.create(file);
    }

    void put(char[] text, int from, int to) {
        int at = from;
        while (!headIsRead && at < to) {
            head.append(text[at++]);
            readHead();
        }
        for (; at < to; at++) {
            put(text[at]);
        }
    }

    /** Returns the word that stands for the document. */
    String finish(String name) {
        if (!headIsRead) {
            putHead();
        }
        decode();
        try {
            out.close();
        } catch (IOException e) {
            throw documents.full(e);
        }
        return documents.add(name, Optional.empty(), contentType, file);
    }

    private void readHead() {
        if (!URL.regionMatches(0, head.toString(), 0, Math.min(head.length(), URL.length()))) {
            putHead();
        } else if (head.charAt(head.length() - 1) == ',') {
            String parameters = head.substring(URL.length(), head.length() - 1);
            if (!parameters.endsWith(URL_BASE64)) {
                throw bad("A data: URL must hold base64: data:image/png;base64,…");
            }
            String type = parameters.substring(0, parameters.length() - URL_BASE64.length());
            contentType = Optional.of(type).filter(t -> !t.isEmpty());
            headIsRead = true;
        } else if (head.length() > LONGEST_HEAD_CHARS) {
            throw bad("A data: URL's media type must end with a comma within " + LONGEST_HEAD_CHARS + " characters");
        }
    }

    private void putHead() {
        headIsRead = true;
        for (int i = 0; i < head.length(); i++) {
            put(head.charAt(i));
        }
    }

    private void put(char c) {
        if (c > 0x7f) {
            throw bad("It holds a character that is none of base64");
        }
        chunk[used++] = (byte) c;
        if (used == chunk.length) {
            decode();
        }
    }

    private void decode() {
        if (used == 0) {
            return;
        }
        if (padded) {
            throw bad("It goes on after its end");
        }
        padded = chunk[used - 1] == '=';
        byte[] decoded;
        try {
            decoded = Base64.getDecoder().decode(used == chunk.length ? chunk : Arrays.copyOf(chunk, used));
        } catch (IllegalArgumentException e) {
            throw bad(Errors.message(e));
        }
        used = 0;
        try {
            out.write(decoded);
        } catch (IOException e) {
            throw documents.full(e);
        }
    }

    private static BadRequestException bad(String details) {
        return new BadRequestException("Invalid document", details, null);
    }
}
