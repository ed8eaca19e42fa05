package dev.agentruntime.benchmarks.wire;

/**
 * What an agent drew, and when.
 *
 * @param wallMicros the wall clock
 * @param tickMicros the clock that is never set, from any beginning
 * @param secure     of a SecureRandom that had been drawn from before the agent's template was made
 */
public record Drawn(long wallMicros, long tickMicros, String uuid, long secure, long threadLocal) {

    /** Reads what {@link #line()} wrote. */
    public static Drawn of(String line) {
        String[] words = line.strip().split(" ");
        return new Drawn(Long.parseLong(words[0]), Long.parseLong(words[1]), words[2], Long.parseLong(words[3]), Long.parseLong(words[4]));
    }

    /** For the wire. */
    public String line() {
        return wallMicros + " " + tickMicros + " " + uuid + " " + secure + " " + threadLocal;
    }
}
