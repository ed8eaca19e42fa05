package dev.agentruntime.memory;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.UUID;

/** Names that nobody else has, and short ones for long texts. */
final class Ids {

    /** The end of the ids of what is in server.xml, which no drawn one has. */
    static final String CONFIGURED = "configured";

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private Ids() {}

    /** One that begins with the name of what it is for, as AgentCore has them. */
    static String drawn(String name) {
        String end;
        do {
            StringBuilder drawn = new StringBuilder();
            for (int i = 0; i < CONFIGURED.length(); i++) {
                drawn.append(CHARACTERS.charAt(RANDOM.nextInt(CHARACTERS.length())));
            }
            end = drawn.toString();
        } while (end.equals(CONFIGURED));
        return name + "-" + end;
    }

    static String configured(String name) {
        return name + "-" + CONFIGURED;
    }

    /** Of a session that its caller did not name. */
    static String session() {
        return UUID.randomUUID().toString();
    }

    static String record() {
        return "mem-" + UUID.randomUUID();
    }

    /** The same for the same text, of 64 characters. */
    static String digest(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM has SHA-256.", e);
        }
    }
}
