package dev.agentruntime.spi.fake;

import dev.agentruntime.api.Target;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A guest's shell that runs nothing: it says its command on standard output and {@code oh} on standard error. The exit code is what stands
 * behind {@code exit} at the command's end; {@code sleep} takes too long.
 */
final class FakeCommand {

    static final Target TARGET = new Target("command");

    private FakeCommand() {
    }

    static void serve(InputStream in, OutputStream stream) throws IOException {
        DataOutputStream out = new DataOutputStream(stream);
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw Pipe.early();
            }
            line.append((char) c);
        }
        byte[] command = in.readNBytes(Integer.parseInt(line.substring(line.indexOf(" ") + 1)));
        String text = new String(command, StandardCharsets.UTF_8);
        piece(out, 1, command);
        piece(out, 2, "oh".getBytes(StandardCharsets.UTF_8));
        String end = text.contains("sleep") ? "timeout 137" : "exit " + (text.contains("exit ") ? text.substring(text.lastIndexOf(' ') + 1) : "0");
        piece(out, 3, end.getBytes(StandardCharsets.US_ASCII));
        in.transferTo(OutputStream.nullOutputStream());
    }

    private static void piece(DataOutputStream out, int what, byte[] bytes) throws IOException {
        out.writeByte(what);
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
