package dev.agentruntime.supervisor;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a shell and who is connected with it say to each other: messages of which the first byte names the channel, as AgentCore has them. */
final class ShellWords {
    static final int STDIN = 0;
    static final int STDOUT = 1;
    static final int STATUS = 3;
    static final int RESIZE = 4;
    static final int HEARTBEAT = 5;
    static final int CLOSE = 255;

    private static final int MOST_CELLS = 10_000;
    private static final Pattern WIDTH = Pattern.compile("\"width\"\\s*:\\s*(\\d{1,5})\\b");
    private static final Pattern HEIGHT = Pattern.compile("\"height\"\\s*:\\s*(\\d{1,5})\\b");

    /** Of a terminal. */
    record Size(int columns, int rows) {
    }

    private ShellWords() {
    }

    /** What {@link #RESIZE} asks for; empty where that is no size that a terminal may have. */
    static Optional<Size> size(String json) {
        Matcher width = WIDTH.matcher(json);
        Matcher height = HEIGHT.matcher(json);
        return width.find() && height.find() ? Optional.of(new Size(Integer.parseInt(width.group(1)), Integer.parseInt(height.group(1))))
                .filter(size -> isPossible(size.columns) && isPossible(size.rows)) : Optional.empty();
    }

    private static boolean isPossible(int cells) {
        return cells > 0 && cells <= MOST_CELLS;
    }

    /**
     * The {@link #STATUS} that tells whoever has connected with what.
     *
     * @param id      of letters, digits, '_' and '-'
     * @param again   whether somebody was connected before
     * @param dropped how many bytes it has said meanwhile that were not kept
     */
    static byte[] connected(String id, boolean again, long dropped) {
        return status("\"metadata\":{\"shellId\":\"" + id + "\",\"reconnected\":" + again + (dropped > 0 ? ",\"bytesDropped\":" + dropped : "")
                + "},\"status\":\"Success\"");
    }

    /** The {@link #STATUS} that tells how the shell has ended. */
    static byte[] ended(int code) {
        return status("\"metadata\":{}," + (code == 0 ? "\"status\":\"Success\"" : "\"status\":\"Failure\",\"reason\":\"NonZeroExitCode\","
                + "\"details\":{\"causes\":[{\"reason\":\"ExitCode\",\"message\":\"" + code + "\"}]}"));
    }

    private static byte[] status(String content) {
        return ("{\"kind\":\"Status\",\"apiVersion\":\"v1\"," + content + "}").getBytes(StandardCharsets.UTF_8);
    }
}
