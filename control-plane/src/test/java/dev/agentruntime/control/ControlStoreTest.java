package dev.agentruntime.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.store.Database;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlStoreTest {

    private final Logger log = Logger.getLogger(ControlStore.class.getName());
    private final List<LogRecord> told = new ArrayList<>();
    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord record) {
            told.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        log.addHandler(listener);
    }

    @AfterEach
    void forget() {
        log.removeHandler(listener);
    }

    @Test
    void aDatabaseThatIsAwayIsToldOnceEachTimeThoughItIsAskedEverySecond(@TempDir Path folder) throws Exception {
        AtomicBoolean away = new AtomicBoolean();
        try (TestDatabase database = new TestDatabase(folder)) {
            ControlStore store = new ControlStore(new Database(() -> {
                if (away.get()) {
                    throw new SQLException("refused");
                }
                return database.open();
            }));
            store.run(Tables::unsettled);
            for (int outage = 1; outage <= 2; outage++) {
                away.set(true);
                for (int second = 0; second < 3; second++) {
                    assertThatThrownBy(() -> store.run(Tables::unsettled)).isInstanceOf(ControlException.class).hasMessageContaining("does not answer");
                }
                assertThat(told).hasSize(outage);
                away.set(false);
                store.run(Tables::unsettled);
            }
        }
    }
}
