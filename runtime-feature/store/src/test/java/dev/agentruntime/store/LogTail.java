package dev.agentruntime.store;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the store logs while a test runs. */
final class LogTail extends Handler implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger("dev.agentruntime.store");

    private final List<String> lines = new CopyOnWriteArrayList<>();

    LogTail() {
        LOG.addHandler(this);
    }

    /** Those of one message. */
    List<String> of(StoreMessage message) {
        return lines.stream().filter(line -> line.startsWith(message.id())).toList();
    }

    @Override
    public void publish(LogRecord message) {
        lines.add(message.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        LOG.removeHandler(this);
    }
}
