package dev.agentruntime.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * H2 opens a file that was cut short as an empty database, without a word, and writes over it. So an empty database is
 * looked at before anything is written: when its file was made long before, it is kept aside and told.
 */
final class EmptyFile {

    private static final Logger LOG = Logger.getLogger(EmptyFile.class.getName());
    /** As its driver calls it. */
    static final String PRODUCT = "H2";
    private static final Duration AGE_OF_A_NEW_ONE = Duration.ofMinutes(1);
    private static final int HEADER = 4096;
    /** In the header's text, in hexadecimal milliseconds. */
    private static final Pattern CREATED = Pattern.compile("created:([0-9a-f]{1,15})");

    private EmptyFile() {}

    static void look(Transaction transaction) throws SQLException {
        if (!transaction.connection().getMetaData().getDatabaseProductName().equals(PRODUCT)) {
            return;
        }
        Optional<Path> file = file(transaction);
        if (file.isPresent()) {
            look(file.get());
        }
    }

    private static Optional<Path> file(Transaction transaction) throws SQLException {
        try (PreparedStatement call = transaction.prepare("CALL DATABASE_PATH()"); ResultSet row = call.executeQuery()) {
            return row.next() ? Optional.ofNullable(row.getString(1)).map(path -> Path.of(path + ".mv.db")) : Optional.empty();
        }
    }

    private static void look(Path file) {
        try {
            if (Files.exists(file) && !isNew(file)) {
                Path aside = file.resolveSibling(file.getFileName() + ".unreadable-" + Instant.now().truncatedTo(ChronoUnit.SECONDS)
                        .toString().replace(":", ""));
                // Closing the copy's descriptor ends this process's lock on the file. The server's own lock keeps others off its folder.
                Files.copy(file, aside);
                StoreMessage.FILE_UNREADABLE.log(LOG, file, aside);
            }
        } catch (IOException e) {
            StoreMessage.FILE_UNREADABLE.log(LOG, e, file, "nowhere: " + e);
        }
    }

    private static boolean isNew(Path file) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER);
        try (ReadableByteChannel in = Files.newByteChannel(file)) {
            while (header.hasRemaining() && in.read(header) >= 0) {
                continue;
            }
        }
        Matcher created = CREATED.matcher(new String(header.array(), 0, header.position(), StandardCharsets.ISO_8859_1));
        return created.find() && Instant.ofEpochMilli(Long.parseLong(created.group(1), 16)).plus(AGE_OF_A_NEW_ONE).isAfter(Instant.now());
    }
}
