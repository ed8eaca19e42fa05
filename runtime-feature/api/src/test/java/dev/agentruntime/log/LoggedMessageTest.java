package dev.agentruntime.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

final class LoggedMessageTest {

    private record Plain(Entry entry) implements LoggedMessage {}

    private final LoggedMessage lost = new Plain(new LoggedMessage.Entry("AGRT9001W", "Lost %s of %d", "Some are gone.", "None."));
    private final List<LogRecord> records = new ArrayList<>();

    @Test
    void aLineBeginsWithItsId() {
        assertThat(lost.line("cups", 12_000)).isEqualTo("AGRT9001W: Lost cups of 12000");
    }

    @Test
    void theIdsLetterIsTheLevel() {
        assertThat(List.of("AGRT9001I", "AGRT9001W", "AGRT9001E")).map(id -> new Plain(new LoggedMessage.Entry(id, "", "", "")).level())
                .containsExactly(Level.INFO, Level.WARNING, Level.SEVERE);
    }

    @Test
    void aMessageIsLoggedWithItsLevelAndWhereGivenItsCause() {
        Exception cause = new IllegalStateException("dropped");
        lost.log(logger(), "cups", 3);
        lost.log(logger(), cause, "cups", 4);
        assertThat(records).extracting(LogRecord::getLevel).containsOnly(Level.WARNING);
        assertThat(records).extracting(LogRecord::getMessage)
                .containsExactly("AGRT9001W: Lost cups of 3", "AGRT9001W: Lost cups of 4");
        assertThat(records).extracting(LogRecord::getThrown).containsExactly(null, cause);
    }

    private Logger logger() {
        Logger logger = Logger.getAnonymousLogger();
        logger.setUseParentHandlers(false);
        logger.addHandler(new Handler() {
            @Override
            public void publish(LogRecord message) {
                records.add(message);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        });
        return logger;
    }
}
