package dev.agentruntime.config;

import java.util.Optional;
import java.util.regex.Pattern;

/** What variables of a session's environment may be, whoever sets them. */
public final class Variables {

    /** Of all names and values of an agent, in UTF-8. The rest of the 64 KiB that a guest takes is for what the platform gives. */
    public static final int MOST_BYTES = 60 * 1024;

    /** Names of POSIX, and those of MicroProfile Config that can be written in them. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,254}");
    /** What the guest's own programs live by, and what the platform sets. */
    private static final Pattern RESERVED = Pattern.compile(
            "PATH|HOME|LANG|LC_.*|PWD|SHELL|USER|HOSTNAME|DOCKER_CONTAINER|LD_.*|_?JAVA_.*|JDK_.*|JVM_.*|WLP_.*|(HTTP|HTTPS|NO|ALL|FTP)_PROXY",
            Pattern.CASE_INSENSITIVE);

    private Variables() {}

    /** What is wrong with a name, in a sentence; empty when nothing is. */
    public static Optional<String> nameProblem(String name) {
        if (!NAME.matcher(name).matches()) {
            return Optional.of("a name begins with a letter or '_' and has letters, digits, '_', '.' and '-', 255 of them at most.");
        }
        return RESERVED.matcher(name).matches()
                ? Optional.of("this name is the guest's or the platform's own. Choose another; outbounds and proxies are set by themselves.")
                : Optional.empty();
    }
}
