package dev.agentruntime.identity;

import java.lang.reflect.InvocationTargetException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A text that Liberty's securityUtility may have encoded, such as {@code {aes}…}. */
final class EncodedText {

    private static final Pattern ENCODED = Pattern.compile("(\\{(?:xor|aes[a-zA-Z0-9_-]*|custom(?::[a-zA-Z0-9_-]+)?)\\}).*", Pattern.DOTALL);

    private EncodedText() {}

    /**
     * What it stands for; another text stands for itself.
     *
     * @throws IllegalArgumentException it cannot be decoded; the message has nothing of it
     */
    static String decoded(String text) {
        Matcher encoded = ENCODED.matcher(text);
        if (!encoded.matches()) {
            return text;
        }
        try {
            Class<?> passwords = Class.forName("com.ibm.websphere.crypto.PasswordUtil");
            return (String) passwords.getMethod("decode", String.class).invoke(null, text);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException("it cannot be decoded as " + encoded.group(1) + " (" + e.getCause().getClass().getSimpleName() + ")", e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("this server has nothing to decode " + encoded.group(1), e);
        }
    }
}
