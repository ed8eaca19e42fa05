package dev.agentruntime.logs;

import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Effective;
import dev.agentruntime.config.Metatype;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What the configuration says of logs.
 *
 * @param keepFor         how long a session's log is kept after the session's end
 * @param maxSessionBytes how much is kept of one session's log
 * @param maxBytes        how much is kept of all logs together
 * @param hostLog         what goes into the host's log as well
 * @param directory       where logs are kept; a change needs a restart
 */
record LogsSettings(Duration keepFor, long maxSessionBytes, long maxBytes, HostLogLevel hostLog, Path directory) {

    private static final long MEBIBYTE = 1L << 20;
    private static final long TEBIBYTE = 1L << 40;

    static final List<String> ITS_OWN = Metatype.of(LogsSettings.class).names("agentRuntimeLogs");

    /** Reads {@code <agentRuntimeLogs>}. */
    static LogsSettings read(Attributes own) {
        own.nothingBut(ITS_OWN);
        return new LogsSettings(
                own.duration("keepFor", Duration.ofHours(1), Duration.ZERO),
                own.bytes("maxSessionSize", 8 * MEBIBYTE, MEBIBYTE, 1024 * MEBIBYTE),
                own.bytes("maxSize", 512 * MEBIBYTE, 16 * MEBIBYTE, TEBIBYTE),
                HostLogLevel.valueOf(own.oneOf("hostLog", "off", List.of("off", "errors", "warnings", "all")).toUpperCase(Locale.ROOT)),
                own.path("directory", Path.of("agent-runtime", "logs")));
    }

    /** In one line. */
    String text() {
        return new Effective().add("keepFor", keepFor).addBytes("maxSessionSize", maxSessionBytes).addBytes("maxSize", maxBytes)
                .add("hostLog", hostLog.name().toLowerCase(Locale.ROOT)).add("directory", directory).text();
    }
}
