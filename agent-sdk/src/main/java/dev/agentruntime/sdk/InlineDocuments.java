package dev.agentruntime.sdk;

import java.io.IOException;
import java.io.Reader;

/**
 * A JSON object on its way to a parser, out of which the documents go into files as they come: in their places the parser finds words
 * that stand for them. What is wrong with the JSON is left to the parser to say. For one thread.
 */
final class InlineDocuments extends Reader {

    private static final int LONGEST_KEY_CHARS = 256;
    private static final int OBJECT_DEPTH = 1;
    private static final int LIST_DEPTH = 2;

    private final Reader in;
    private final DocumentFields fields;
    private final Documents documents;
    private final char[] buffer = new char[16 * 1024];
    private int at;
    private int end;
    private String pending = "";
    private int pendingAt;

    private int depth;
    private char root;
    private char second;
    private boolean keyIsNext;
    private boolean inString;
    private boolean escaped;
    private boolean inKey;
    private final StringBuilder key = new StringBuilder();

    InlineDocuments(Reader in, DocumentFields fields, Documents documents) {
        this.in = in;
        this.fields = fields;
        this.documents = documents;
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        int given = 0;
        while (given < length) {
            if (pendingAt < pending.length()) {
                target[offset + given++] = pending.charAt(pendingAt++);
            } else if (!fill()) {
                break;
            } else {
                char c = buffer[at++];
                if (isDocumentsStart(c)) {
                    pending = takeDocument() + '"';
                    pendingAt = 0;
                } else {
                    follow(c);
                }
                target[offset + given++] = c;
            }
        }
        return given == 0 && length > 0 ? -1 : given;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private boolean isDocumentsStart(char c) {
        return c == '"' && !inString && !keyIsNext && root == '{'
                && (depth == OBJECT_DEPTH || depth == LIST_DEPTH && second == '[') && fields.contains(key.toString());
    }

    private void follow(char c) {
        if (inString) {
            followString(c);
            return;
        }
        switch (c) {
            case '"' -> {
                inString = true;
                inKey = depth == OBJECT_DEPTH && keyIsNext;
                if (inKey) {
                    key.setLength(0);
                }
            }
            case '{', '[' -> {
                depth++;
                if (depth == OBJECT_DEPTH) {
                    root = c;
                    keyIsNext = true;
                } else if (depth == LIST_DEPTH) {
                    second = c;
                }
            }
            case '}', ']' -> depth--;
            case ':' -> keyIsNext = keyIsNext && depth != OBJECT_DEPTH;
            case ',' -> keyIsNext = keyIsNext || depth == OBJECT_DEPTH;
            default -> {
                // a number, a literal, white space
            }
        }
    }

    private void followString(char c) {
        if (escaped) {
            escaped = false;
        } else if (c == '\\') {
            escaped = true;
        } else if (c == '"') {
            inString = false;
            inKey = false;
            return;
        }
        if (inKey && key.length() < LONGEST_KEY_CHARS) {
            key.append(c);
        }
    }

    /** Reads the string whose quotation mark was just read, up to its end. */
    private String takeDocument() throws IOException {
        Base64Text text = new Base64Text(documents);
        while (fill()) {
            int from = at;
            while (at < end && buffer[at] != '"' && buffer[at] != '\\') {
                at++;
            }
            text.put(buffer, from, at);
            if (at < end && buffer[at++] == '"') {
                return text.finish(key.toString());
            }
            if (at > from && buffer[at - 1] == '\\') {
                takeEscape(text);
            }
        }
        throw new BadRequestException("Invalid JSON", "The body ends within the document " + key, null);
    }

    /** Line ends in base64 are left out; a slash may be escaped in JSON. */
    private void takeEscape(Base64Text text) throws IOException {
        if (!fill()) {
            return;
        }
        char c = buffer[at++];
        if (c == '/') {
            text.put(new char[] {c}, 0, 1);
        } else if (c != 'n' && c != 'r') {
            throw new BadRequestException("Invalid document", "The document " + key + " holds \\" + c + ", which is none of base64", null);
        }
    }

    private boolean fill() throws IOException {
        if (at < end) {
            return true;
        }
        at = 0;
        end = Math.max(0, in.read(buffer, 0, buffer.length));
        return end > 0;
    }
}
