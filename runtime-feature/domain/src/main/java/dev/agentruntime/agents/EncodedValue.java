package dev.agentruntime.agents;

import java.lang.reflect.InvocationTargetException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A value as Liberty's securityUtility encodes it, such as {@code {xor}LDo8LTor}, which Liberty hands over as it stands. */
final class EncodedValue {

    private static final Pattern ENCODED = Pattern.compile("(\\{(?:xor|aes[a-zA-Z0-9_-]*|custom(?::[a-zA-Z0-9_-]+)?)\\}).*", Pattern.DOTALL);

    private EncodedValue() {}

    /**
     * What it stands for; another text stands for itself.
     *
     * @throws IllegalArgumentException it cannot be decoded; the message has nothing of it
     */
    static String decoded(String text) {
        Matcher encoded = ENCODED.matcher(text);
        return encoded.matches() ? decode(text, encoded.group(1)) : text;
    }

    private static String decode(String text, String algorithm) {
        try {
            Class<?> passwords = Class.forName("com.ibm.websphere.crypto.PasswordUtil");
            return (String) passwords.getMethod("decode", String.class).invoke(null, text);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException("it cannot be decoded as " + algorithm + " (" + e.getCause().getClass().getSimpleName() + ")");
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("this server has nothing to decode " + algorithm, e);
        }
    }
}
