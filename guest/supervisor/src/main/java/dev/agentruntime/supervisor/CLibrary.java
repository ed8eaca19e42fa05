package dev.agentruntime.supervisor;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The environment that the C library of this process has. */
final class CLibrary implements SessionEnvironment.Inherited {
    private static final int REPLACE = 1;

    @Override
    public void set(String name, String value) {
        try {
            // The library copies both strings during the call.
            Calls.setenv(bytes(name), bytes(value), REPLACE);
        } catch (LastErrorException e) {
            throw new GuestException("The variable " + name + " could not be set for programs that the agent starts: " + e.getMessage(), e);
        }
    }

    @Override
    public void unset(String name) {
        try {
            Calls.unsetenv(bytes(name));
        } catch (LastErrorException e) {
            throw new GuestException("The variable " + name + " could not be removed: " + e.getMessage(), e);
        }
    }

    /** With the zero byte that ends a string in C. */
    private static byte[] bytes(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(utf8, utf8.length + 1);
    }

    /** Apart, so that nothing is loaded for a session that has no environment. */
    private static final class Calls {
        static {
            Native.register("c");
        }

        static native int setenv(byte[] name, byte[] value, int overwrite) throws LastErrorException;

        static native int unsetenv(byte[] name) throws LastErrorException;
    }
}
