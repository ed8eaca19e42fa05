import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes a folder as a cpio archive of the "newc" form to standard output: sorted, owned by root, without dates, so
 * that one tree always gives the same bytes. Run with {@code java Cpio.java FOLDER}.
 */
final class Cpio {
    private static final int SYMLINK = 0120000;
    private static final int FOLDER = 0040000;
    private static final int FILE = 0100000;
    private static final int CHARACTER_DEVICE = 0020000;

    private final OutputStream out;
    private int inode = 1;
    private long written;

    private Cpio(OutputStream out) {
        this.out = out;
    }

    public static void main(String[] args) throws IOException {
        Path root = Path.of(args[0]);
        try (OutputStream out = new BufferedOutputStream(System.out, 1 << 20)) {
            new Cpio(out).write(root);
        }
    }

    private void write(Path root) throws IOException {
        List<Path> paths;
        try (Stream<Path> all = Files.walk(root)) {
            paths = all.filter(p -> !p.equals(root)).sorted().collect(Collectors.toList());
        }
        for (Path path : paths) {
            String name = root.relativize(path).toString();
            if (Files.isSymbolicLink(path)) {
                byte[] target = Files.readSymbolicLink(path).toString().getBytes(StandardCharsets.UTF_8);
                header(name, SYMLINK | 0777, target.length, 0, 0);
                body(target);
            } else if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                header(name, FOLDER | 0755, 0, 0, 0);
            } else {
                byte[] content = Files.readAllBytes(path);
                header(name, FILE | (Files.isExecutable(path) ? 0755 : 0644), content.length, 0, 0);
                body(content);
            }
        }
        // The kernel opens /dev/console for init before anything could create it.
        header("dev/console", CHARACTER_DEVICE | 0600, 0, 5, 1);
        header("TRAILER!!!", 0, 0, 0, 0);
    }

    private void header(String name, int mode, long size, int major, int minor) throws IOException {
        byte[] path = name.getBytes(StandardCharsets.UTF_8);
        String fields = String.format("070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x",
                inode++, mode, 0, 0, 1, 0, size, 0, 0, major, minor, path.length + 1, 0);
        put(fields.getBytes(StandardCharsets.US_ASCII));
        put(path);
        put(new byte[1]);
        align();
    }

    private void body(byte[] content) throws IOException {
        put(content);
        align();
    }

    private void put(byte[] bytes) throws IOException {
        out.write(bytes);
        written += bytes.length;
    }

    private void align() throws IOException {
        put(new byte[(int) (-written & 3)]);
    }
}
