package dev.agentruntime.agentctl;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** The user's terminal, as it is, until it is closed: each key goes on at once. Without a terminal, the input is just read. */
final class Tty implements AutoCloseable {

    private final InputStream input;
    private final Optional<Terminal> terminal;
    private final Optional<Attributes> before;

    private Tty(InputStream input, Optional<Terminal> terminal) {
        this.input = input;
        this.terminal = terminal;
        this.before = terminal.map(Terminal::enterRawMode);
    }

    static Tty of(Surroundings surroundings) throws IOException {
        if (!surroundings.outIsTerminal() || System.console() == null) {
            return new Tty(surroundings.in(), Optional.empty());
        }
        Terminal terminal = TerminalBuilder.builder().system(true).dumb(false).build();
        return new Tty(terminal.input(), Optional.of(terminal));
    }

    boolean isRaw() {
        return terminal.isPresent();
    }

    InputStream input() {
        return input;
    }

    /** Tells width and height, now and whenever they change. */
    void onSize(BiConsumer<Integer, Integer> told) {
        terminal.ifPresent(tty -> {
            Runnable tell = () -> {
                Size size = tty.getSize();
                if (size.getColumns() > 0 && size.getRows() > 0) {
                    told.accept(size.getColumns(), size.getRows());
                }
            };
            tell.run();
            tty.handle(Terminal.Signal.WINCH, signal -> tell.run());
        });
    }

    @Override
    public void close() throws IOException {
        if (terminal.isPresent()) {
            before.ifPresent(terminal.get()::setAttributes);
            terminal.get().close();
        }
    }
}
