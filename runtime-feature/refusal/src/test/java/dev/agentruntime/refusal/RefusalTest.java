package dev.agentruntime.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

final class RefusalTest {

    private final List<String> lines = new ArrayList<>();

    @Test
    void aServerOfAnOlderLevelSaysOnceThatItServesNoAgents() {
        Logger logger = Logger.getLogger(Refusal.class.getName());
        Handler collector = collector();
        logger.addHandler(collector);
        try {
            Refusal refusal = new Refusal();
            refusal.start(null);
            refusal.stop(null);
        } finally {
            logger.removeHandler(collector);
        }

        assertThat(lines).singleElement().asString().startsWith("AGRT0200E: ").contains("no agents are served");
    }

    private Handler collector() {
        return new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(line.getMessage());
            }

            @Override
            public void flush() {
                // Nothing is kept back.
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
    }
}
