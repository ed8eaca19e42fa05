package dev.agentruntime.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Inputs to begin with, from files. In a file, a line that begins with {@code #} is a comment and one that begins with {@code =} is
 * hexadecimal. Any other is text in UTF-8, in which {@code \r}, {@code \n}, {@code \\} and <code>&#92;xNN</code> stand for a byte; the ends of
 * lines count for nothing, and {@code \*N} at the end of a line repeats it. Immutable.
 */
public final class Corpus {

    private final Map<String, byte[]> inputs;

    private Corpus(Map<String, byte[]> inputs) {
        this.inputs = inputs;
    }

    /** All files of a folder beside {@code anchor}. */
    public static Corpus of(Class<?> anchor, String folder) {
        Map<String, byte[]> inputs = new TreeMap<>();
        try (Stream<Path> files = Files.list(Path.of(anchor.getResource(folder).toURI()))) {
            for (Path file : files.toList()) {
                inputs.put(file.getFileName().toString(), parse(Files.readAllLines(file)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(folder, e);
        }
        return new Corpus(inputs);
    }

    /** By the names of their files. */
    public Map<String, byte[]> inputs() {
        return inputs;
    }

    /** One of them, not to be changed. */
    public byte[] any(Random random) {
        return List.copyOf(inputs.values()).get(random.nextInt(inputs.size()));
    }

    /** One of them, changed in one place or more, or several of them behind each other. */
    public byte[] mutated(Random random) {
        byte[] input = any(random);
        while (random.nextInt(4) == 0) {
            input = Mutations.joined(input, any(random));
        }
        return Mutations.of(input, this, random);
    }

    static byte[] parse(List<String> lines) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String line : lines) {
            if (line.startsWith("=")) {
                bytes.writeBytes(HexFormat.of().parseHex(line.substring(1).replace(" ", "")));
            } else if (!line.startsWith("#")) {
                int times = line.lastIndexOf("\\*");
                byte[] piece = unescaped(times < 0 ? line : line.substring(0, times));
                for (int i = times < 0 ? 1 : Integer.parseInt(line.substring(times + 2)); i > 0; i--) {
                    bytes.writeBytes(piece);
                }
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] unescaped(String line) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < line.length(); i++) {
            if (line.charAt(i) != '\\') {
                int c = line.codePointAt(i);
                bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
                i += Character.charCount(c) - 1;
                continue;
            }
            i++;
            switch (line.charAt(i)) {
                case 'r' -> bytes.write('\r');
                case 'n' -> bytes.write('\n');
                case '\\' -> bytes.write('\\');
                case 'x' -> {
                    bytes.write(HexFormat.fromHexDigits(line, i + 1, i + 3));
                    i += 2;
                }
                default -> throw new IllegalArgumentException("\\" + line.charAt(i) + " in a corpus");
            }
        }
        return bytes.toByteArray();
    }
}
