package dev.agentruntime.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Statements with parameters, and rows as records. A parameter is text, a number, an {@link Instant}, an enum constant, which goes by its name, or an
 * {@link Optional} of a whole number.
 */
public final class Sql {

    private static final Pattern UNSTORABLE = Pattern.compile("[\\p{Cc}\\p{Cs}]+");

    /** Makes a record of a row. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private Sql() {}

    /** Returns how many rows were changed. */
    public static int change(Transaction transaction, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = transaction.prepare(sql)) {
            set(statement, parameters);
            return statement.executeUpdate();
        }
    }

    /** The rows in the order that the statement gives them. */
    public static <T> List<T> rows(Transaction transaction, String sql, Reader<T> reader, Object... parameters) throws SQLException {
        try (PreparedStatement statement = transaction.prepare(sql)) {
            set(statement, parameters);
            List<T> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(reader.read(rows));
                }
            }
            return List.copyOf(found);
        }
    }

    /** The first row. */
    public static <T> Optional<T> row(Transaction transaction, String sql, Reader<T> reader, Object... parameters) throws SQLException {
        return rows(transaction, sql, reader, parameters).stream().findFirst();
    }

    private static void set(PreparedStatement statement, Object... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            Object value = parameters[i];
            if (value instanceof Instant time) {
                statement.setObject(i + 1, OffsetDateTime.ofInstant(time, ZoneOffset.UTC));
            } else if (value instanceof Enum<?> word) {
                statement.setString(i + 1, word.name());
            } else if (value instanceof Optional<?> number) {
                statement.setObject(i + 1, number.orElse(null), Types.INTEGER);
            } else {
                statement.setObject(i + 1, value);
            }
        }
    }

    /** A column that is a time. */
    public static Instant time(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    /** The time as the database and the clients keep it. */
    public static Instant storable(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS);
    }

    /** A reason that a guest or a driver has worded, as a column of {@code most} characters takes it. */
    public static String storable(String text, int most) {
        String clean = UNSTORABLE.matcher(text).replaceAll(" ");
        return clean.length() <= most ? clean : clean.substring(0, Character.isHighSurrogate(clean.charAt(most - 1)) ? most - 1 : most);
    }
}
