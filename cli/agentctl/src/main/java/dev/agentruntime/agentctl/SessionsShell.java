package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import dev.agentruntime.client.BrokenOffException;
import dev.agentruntime.client.Shell;
import dev.agentruntime.client.ShellListener;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "shell", description = {"Open a terminal in a session's VM, and end with its shell's exit code.",
    "Ctrl-] leaves the shell as it is; --id goes on with it later. What is piped in is typed, and its end is Ctrl-D."})
final class SessionsShell extends SessionAction {

    /** Ctrl-], as telnet has it. */
    private static final int LEAVE = 0x1d;
    private static final byte[] LINE_BREAK = {'\n'};
    private static final byte[] END_OF_INPUT = {4};

    @Option(names = "--id", paramLabel = "ID", description = "The shell's name, 1 to 128 letters, digits, '-' and '_'. Otherwise a new one.")
    private Optional<String> id = Optional.empty();

    private int exitCode;

    SessionsShell(Surroundings surroundings) {
        super(surroundings);
    }

    /** The shell's own code. */
    @Override
    public Integer call() throws Exception {
        super.call();
        return exitCode;
    }

    @Override
    ExitCode run() throws IOException {
        AgentRuntimeClient client = client();
        String agent = runtime(client, agent());
        LiveSession.check(client, agent, session());
        Told told = new Told();
        try (Tty tty = Tty.of(surroundings()); Shell shell = client.shell(agent, session(), id, told)) {
            tty.onSize(shell::resize);
            Thread typing = new Thread(() -> type(tty, shell, told), "agentctl-typing");
            typing.setDaemon(true);
            typing.start();
            End end = told.await();
            tty.close();
            end(end, told);
        }
        return ExitCode.OK;
    }

    /** How it ended. */
    private sealed interface End {
        record Exited(int code) implements End {}

        record Left() implements End {}

        record Disconnected(String why) implements End {}
    }

    private void end(End end, Told told) {
        if (end instanceof End.Exited exited) {
            exitCode = exited.code();
        } else if (end instanceof End.Left) {
            remark("The shell stays. Go on with it: agentctl sessions shell " + agent() + " " + session() + " --id " + told.shellId);
        } else if (end instanceof End.Disconnected disconnected) {
            throw new Problem(ExitCode.BROKEN_OFF, disconnected.why() + "." + (told.shellId.isEmpty() ? "" : " The shell may still be there: agentctl sessions shell "
                    + agent() + " " + session() + " --id " + told.shellId));
        }
    }

    private void type(Tty tty, Shell shell, Told told) {
        try {
            InputStream in = tty.input();
            byte[] typed = new byte[4096];
            boolean begun = false;
            for (int count = in.read(typed); count >= 0; count = in.read(typed)) {
                int leave = tty.isRaw() ? indexOf(typed, count) : -1;
                shell.type(typed, 0, leave < 0 ? count : leave);
                if (leave >= 0) {
                    told.end.complete(new End.Left());
                    return;
                }
                begun = typed[count - 1] != '\n';
            }
            if (begun) {
                // Behind part of a line, Ctrl-D does not end the input.
                shell.type(LINE_BREAK, 0, 1);
            }
            shell.type(END_OF_INPUT, 0, 1);
        } catch (IOException | BrokenOffException e) {
            told.end.complete(new End.Disconnected("The terminal or the connection broke off: " + e.getMessage()));
        }
    }

    private static int indexOf(byte[] typed, int count) {
        for (int i = 0; i < count; i++) {
            if (typed[i] == LEAVE) {
                return i;
            }
        }
        return -1;
    }

    /** What the shell has told. */
    private final class Told implements ShellListener {
        private final CompletableFuture<End> end = new CompletableFuture<>();
        private volatile String shellId = id.orElse("");

        End await() {
            try {
                return end.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new End.Left();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void connected(String shell, boolean again, long dropped) {
            shellId = shell;
            if (dropped > 0) {
                remark("(" + dropped + " bytes that the shell said meanwhile are lost)");
            }
        }

        @Override
        public void output(byte[] bytes) {
            out().write(bytes, 0, bytes.length);
            out().flush();
        }

        @Override
        public void exited(int code) {
            end.complete(new End.Exited(code));
        }

        @Override
        public void disconnected(String why) {
            end.complete(new End.Disconnected(why));
        }
    }
}
