package dev.agentruntime.inbound;

import java.lang.reflect.InvocationTargetException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A secret that Liberty's securityUtility has encoded, such as {@code {xor}LDo8LTor}. */
final class EncodedSecret {

    private static final Pattern ENCODED = Pattern.compile("(\\{(?:xor|aes[a-zA-Z0-9_-]*|custom(?::[a-zA-Z0-9_-]+)?)\\}).*", Pattern.DOTALL);

    private EncodedSecret() {}

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
            throw new IllegalArgumentException(problem(encoded.group(1), e.getCause()), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("this server has nothing to decode " + encoded.group(1), e);
        }
    }

    static String problem(String algorithm, Throwable why) {
        return "secret cannot be decoded as " + algorithm + " (" + why.getClass().getSimpleName() + "). Encode it again with this server's securityUtility"
                + (algorithm.startsWith("{aes") ? " and --key=KEY, and see that KEY is the value of the server's variable wlp.password.encryption.key" : "");
    }
}
