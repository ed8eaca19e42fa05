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

    /** The last lines, oldest first, without control characters; empty when there is no log. */
    List<String> tail(int lines) {
        try (SeekableByteChannel in = Files.newByteChannel(log)) {
            in.position(Math.max(0, in.size() - TAIL_BYTES));
            ByteBuffer buffer = ByteBuffer.allocate(TAIL_BYTES);
            while (buffer.hasRemaining() && in.read(buffer) >= 0) {
                continue;
            }
            List<String> all = new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8).lines()
                    .map(line -> line.replaceAll("\u001b\\[[0-9;?]*[A-Za-z]", "").replaceAll("\\p{Cntrl}", "").stripTrailing())
                    .filter(line -> !line.isEmpty())
                    .toList();
            return all.subList(Math.max(0, all.size() - lines), all.size());
        } catch (IOException e) {
            return List.of();
        }
    }
}
