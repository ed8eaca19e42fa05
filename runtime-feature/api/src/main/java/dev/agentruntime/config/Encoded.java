package dev.agentruntime.config;

import java.lang.reflect.InvocationTargetException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Text as Liberty's securityUtility encodes it, such as {@code {xor}LDo8LTor}, where Liberty hands it over as it stands. */
public final class Encoded {

    private static final Pattern ENCODED = Pattern.compile("(\\{(?:xor|aes[a-zA-Z0-9_-]*|custom(?::[a-zA-Z0-9_-]+)?)\\}).*", Pattern.DOTALL);

    private Encoded() {}

    /**
     * What it stands for; another text stands for itself.
     *
     * @throws IllegalArgumentException it cannot be decoded; the message goes on after a name, says what to do, and has nothing of it
     */
    public static String decoded(String text) {
        Matcher encoded = ENCODED.matcher(text);
        return encoded.matches() ? decode(text, encoded.group(1)) : text;
    }

    /**
     * What encoded text stands for.
     *
     * @param algorithm which it begins with, such as {@code {aes}}
     * @throws IllegalArgumentException as {@link #decoded}
     */
    public static String decode(String text, String algorithm) {
        try {
            Class<?> passwords = Class.forName("com.ibm.websphere.crypto.PasswordUtil");
            return (String) passwords.getMethod("decode", String.class).invoke(null, text);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(problem(algorithm, e.getCause()), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("this server has nothing to decode " + algorithm, e);
        }
    }

    static String problem(String algorithm, Throwable why) {
        return "it cannot be decoded as " + algorithm + " (" + why.getClass().getSimpleName() + "). Encode it again with this server's securityUtility"
                + (algorithm.startsWith("{aes") ? " and --key=KEY, and see that KEY is the value of the server's variable wlp.password.encryption.key" : "");
    }
}
