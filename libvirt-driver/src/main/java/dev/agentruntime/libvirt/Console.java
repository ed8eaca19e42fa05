package dev.agentruntime.libvirt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a guest's console printed, as a file on the host. */
record Console(Path log) {

    private static final int TAIL_BYTES = 64 * 1024;

    /** The last lines, oldest first, as {@link GuestText} lets them through; empty when there is no log. */
    List<String> tail(int lines) {
        try (SeekableByteChannel in = Files.newByteChannel(log)) {
            in.position(Math.max(0, in.size() - TAIL_BYTES));
            ByteBuffer buffer = ByteBuffer.allocate(TAIL_BYTES);
            while (buffer.hasRemaining() && in.read(buffer) >= 0) {
                continue;
            }
            return GuestText.lines(new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8), lines);
        } catch (IOException e) {
            return List.of();
        }
    }
}
