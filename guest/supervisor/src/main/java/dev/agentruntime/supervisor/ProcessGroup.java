package dev.agentruntime.supervisor;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** A program that was started in a session of its own, so that what it starts ends with it. Thread-safe. */
final class ProcessGroup {
    /** In the environment of all of it, by which what has left the session is found; what takes it out has got away. */
    private static final String MARK = "AGENT_RUNTIME_PROCESS_GROUP";
    private static final Path PROCESSES = Path.of("/proc");
    private static final int SIGHUP = 1;
    private static final int SIGKILL = 9;
    /** The kernel's "no such process". */
    private static final int ESRCH = 3;
    /** What is killed may have started something in that moment. */
    private static final int MOST_ROUNDS = 10;

    private final Process leader;
    private final byte[] mark;

    private ProcessGroup(Process leader, String mark) {
        this.leader = leader;
        this.mark = (MARK + "=" + mark).getBytes(StandardCharsets.US_ASCII);
    }

    /** Starts {@code program}, in a shell's usual folder, with {@code variables} beside those of this process. */
    static ProcessGroup start(List<String> program, Map<String, String> variables) throws IOException {
        return start(new ProcessBuilder(), program, variables);
    }

    /** The same with streams as {@code builder} has them. */
    static ProcessGroup start(ProcessBuilder builder, List<String> program, Map<String, String> variables, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.addAll(List.of(options));
        command.addAll(program);
        String mark = UUID.randomUUID().toString();
        builder.environment().putAll(variables);
        builder.environment().put(MARK, mark);
        return new ProcessGroup(builder.command(command).start(), mark);
    }

    Process leader() {
        return leader;
    }

    /** Ends all of it at once, with what it has started in groups and sessions of their own. */
    void kill() {
        boolean more = true;
        for (int round = 0; more && round < MOST_ROUNDS; round++) {
            signal((int) -leader.pid(), SIGKILL);
            List<ProcessHandle> members = members();
            members.forEach(ProcessHandle::destroyForcibly);
            more = !members.isEmpty();
        }
        leader.destroyForcibly();
    }

    /** Tells all of it that its terminal is gone. */
    void hangUp() {
        // The group has its leader's number, which the kernel gives to no other as long as anybody is in the group.
        signal((int) -leader.pid(), SIGHUP);
        members().forEach(member -> signal((int) member.pid(), SIGHUP));
    }

    /** The same, and ends after {@code patienceMillis} what has not gone by then. Blocks for so long. */
    void end(long patienceMillis) {
        hangUp();
        try {
            leader.waitFor(patienceMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kill();
    }

    /** All that lives of it. */
    private List<ProcessHandle> members() {
        return ProcessHandle.allProcesses().filter(this::isMember).toList();
    }

    private boolean isMember(ProcessHandle process) {
        Path folder = PROCESSES.resolve(Long.toString(process.pid()));
        try {
            String stat = Files.readString(folder.resolve("stat"), StandardCharsets.ISO_8859_1);
            // Behind the name, which may have anything in it: state, parent, group, session.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 5);
            boolean dead = fields[0].equals("Z") || fields[0].equals("X");
            return !dead && (Long.parseLong(fields[3]) == leader.pid() || isMarked(Files.readAllBytes(folder.resolve("environ"))));
        } catch (IOException gone) {
            return false; // it has ended meanwhile, or is another user's
        }
    }

    private boolean isMarked(byte[] environment) {
        for (int at = 0; at + mark.length <= environment.length; at++) {
            if (Arrays.equals(environment, at, at + mark.length, mark, 0, mark.length)) {
                return true;
            }
        }
        return false;
    }

    private void signal(int process, int signal) {
        try {
            Calls.kill(process, signal);
        } catch (LastErrorException e) {
            if (e.getErrorCode() != ESRCH) {
                throw new GuestException("The processes of " + leader.pid() + " could not be sent signal " + signal + ": " + e.getMessage(), e);
            }
        }
    }

    /** Apart, so that nothing is loaded in a guest that runs no commands. */
    private static final class Calls {
        static {
            Native.register("c");
        }

        static native int kill(int process, int signal) throws LastErrorException;
    }
}
