package dev.agentruntime.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** What can go wrong. */
final class Mishaps {

    private static final int EIGHT = 8;

    private Mishaps() {}

    static List<Mishap> all(Server server) {
        return List.of(new SlowBegins(server), new SlowEnds(), new StalledFolder(server), new StoppedLibvirtd(),
                new StoppedDatabase(server));
    }

    /** Work that nobody waits for until the mishap is over. */
    private static final class Behind {
        private ExecutorService threads = Executors.newCachedThreadPool();

        private interface Work {
            void run() throws IOException;
        }

        void run(Work work) {
            threads.execute(() -> {
                try {
                    work.run();
                } catch (IOException e) {
                    Progress.say("beside the measurement: " + e.getMessage());
                }
            });
        }

        void join() throws IOException {
            threads.shutdown();
            try {
                if (!threads.awaitTermination(3, TimeUnit.MINUTES)) {
                    throw new IOException("What went wrong did not end");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("Interrupted", e);
            }
            threads = Executors.newCachedThreadPool();
        }
    }

    /** Sessions whose restore hook takes ten seconds. */
    private static final class SlowBegins implements Mishap {
        private final Server server;
        private final Behind behind = new Behind();
        private final List<String> sessions = new ArrayList<>();

        SlowBegins(Server server) {
            this.server = server;
        }

        @Override
        public String name() {
            return EIGHT + " sessions whose restore hook takes 10 s";
        }

        @Override
        public String settings() {
            return "<agentRuntime><agent name=\"slow\" location=\"" + server.built("benchmarks/slow-agent/target/slow.war")
                    + "\" poolMin=\"" + EIGHT + "\" poolMax=\"" + EIGHT + "\"/></agentRuntime>";
        }

        @Override
        public void prepare(Lab lab) throws IOException {
            lab.awaitReady("slow");
            lab.fillPool("slow", EIGHT);
        }

        @Override
        public void begin(Lab lab) {
            for (int i = 0; i < EIGHT; i++) {
                String session = Api.newSession();
                sessions.add(session);
                behind.run(() -> Progress.say("a slow session was answered with " + lab.api().begin("slow", session)));
            }
        }

        @Override
        public void end(Lab lab) throws IOException {
            behind.join();
            lab.end("slow", sessions);
        }
    }

    /** Sessions whose VM's process is stopped when they are ended, so that the hypervisor waits before it kills. */
    private static final class SlowEnds implements Mishap {
        private final Behind behind = new Behind();
        private List<String> sessions = List.of();
        private final List<Long> processes = new ArrayList<>();

        @Override
        public String name() {
            return EIGHT + " sessions that end slowly";
        }

        @Override
        public void prepare(Lab lab) throws IOException {
            sessions = lab.begin(EIGHT);
            for (String session : sessions) {
                processes.add(VmProcess.of(lab.api().session("hello", session).vm()).pid());
            }
        }

        @Override
        public void begin(Lab lab) throws IOException {
            Signal.STOP.to(processes);
            sessions.forEach(session -> behind.run(() -> {
                long begun = System.nanoTime();
                lab.api().end("hello", session);
                Progress.say("a slow end took " + Unit.TIME.text(System.nanoTime() - begun));
            }));
        }

        @Override
        public void end(Lab lab) throws IOException {
            behind.join();
        }
    }

    /** The drop-in folder is on a file system that does not answer. */
    private static final class StalledFolder implements Mishap {
        private final Path source;
        private final Path mounted;

        StalledFolder(Server server) {
            source = server.scratch().resolve("dropins");
            mounted = server.scratch().resolve("dropins-mounted");
        }

        @Override
        public String name() {
            return "a drop-in folder that hangs";
        }

        @Override
        public String obstacle() {
            return Files.isExecutable(Path.of("/usr/bin/bindfs")) && Files.exists(Path.of("/dev/fuse")) ? ""
                    : "it takes bindfs and /dev/fuse";
        }

        @Override
        public String settings() {
            try {
                Files.createDirectories(source);
                Files.createDirectories(mounted);
            } catch (IOException e) {
                throw new BenchmarkException("The drop-in folder cannot be made: " + e.getMessage(), e);
            }
            run("bindfs", source.toString(), mounted.toString());
            return "<agentRuntime dropins=\"" + mounted + "\"/>";
        }

        @Override
        public void begin(Lab lab) throws IOException {
            Signal.STOP.to(Signal.running("bindfs"));
        }

        @Override
        public void end(Lab lab) throws IOException {
            Signal.CONT.to(Signal.running("bindfs"));
        }

        @Override
        public void close() {
            run("umount", mounted.toString());
        }

        private static void run(String... command) {
            try {
                new ProcessBuilder(command).inheritIO().start().waitFor();
            } catch (IOException e) {
                throw new BenchmarkException(command[0] + " cannot be run: " + e.getMessage(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The hypervisor's daemon is there and does not answer. */
    private static final class StoppedLibvirtd implements Mishap {

        @Override
        public String name() {
            return "a libvirtd that does not answer";
        }

        @Override
        public String obstacle() {
            return Signal.running("libvirtd").isEmpty() ? "no libvirtd runs that can be stopped" : "";
        }

        @Override
        public void begin(Lab lab) throws IOException {
            Signal.STOP.to(Signal.running("libvirtd"));
        }

        @Override
        public void end(Lab lab) throws IOException {
            Signal.CONT.to(Signal.running("libvirtd"));
        }
    }

    /** The database is there and does not answer. */
    private static final class StoppedDatabase implements Mishap {
        private final PostgresServer postgres;

        StoppedDatabase(Server server) {
            postgres = new PostgresServer(server.scratch().resolve("postgres.log"));
        }

        @Override
        public String name() {
            return "a PostgreSQL that does not answer";
        }

        @Override
        public String obstacle() {
            return PostgresServer.isInstalled() ? "" : "it takes Debian's postgresql";
        }

        @Override
        public String settings() {
            return postgres.start();
        }

        @Override
        public void begin(Lab lab) throws IOException {
            Signal.STOP.to(postgres.processes());
        }

        @Override
        public void end(Lab lab) throws IOException {
            Signal.CONT.to(postgres.processes());
        }

        @Override
        public void close() throws IOException {
            postgres.close();
        }
    }
}
