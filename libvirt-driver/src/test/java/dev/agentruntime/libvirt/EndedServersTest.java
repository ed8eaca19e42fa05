package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndedServersTest {

    @TempDir
    Path folder;

    private FakeHost host;
    private ServerLock own;

    @BeforeEach
    void open() throws IOException {
        host = new FakeHost(folder);
        own = ServerLock.take(host.directories);
        new PlacedImages(host.directories).place(GuestImage.read(host.image));
    }

    @AfterEach
    void close() {
        own.close();
        host.close();
    }

    @Test
    void theRunFolderOfAServerThatEndedGoesWithAllThatIsInIt() throws IOException {
        Path run = run("ended");
        Files.writeString(run.resolve("server.lock"), "");
        Files.writeString(run.resolve("agrt-ended-s01.log"), "last words");
        prune();
        assertThat(run).doesNotExist();
        assertThat(host.directories.run()).exists();
    }

    @Test
    void theRunFolderOfAServerThatLivesStays() throws IOException {
        try (ServerLock living = ServerLock.take(new Directories(host.directories.state(), run("alive"), "alive"))) {
            prune();
            assertThat(run("alive").resolve("server.lock")).exists();
        }
    }

    @Test
    void aServerWhoseVmsStillRunIsLeftToClearUpItself() throws IOException {
        Machine left = TestMachine.named("agrt-killed-s0000000001", run("killed"));
        host.machines.create(TestMachine.host(), left);
        prune();
        assertThat(run("killed")).isNotEmptyDirectory();
    }

    @Test
    void anImageThatNoLivingServerUsesGoesAndThoseInUseStay() throws IOException {
        try (ServerLock living = ServerLock.take(new Directories(host.directories.state(), run("alive"), "alive"))) {
            Files.writeString(run("alive").resolve("image"), "theirs");
            Files.writeString(run("ended").resolve("image"), "old");
            Stream.of("theirs", "old").forEach(this::image);
            prune();
            assertThat(host.directories.images().resolve("old")).doesNotExist();
            assertThat(host.directories.images().resolve("theirs/vmlinuz")).exists();
            assertThat(host.directories.images().resolve(GuestImage.read(host.image).folderName())).exists();
        }
    }

    @Test
    void allImagesStayWhileALivingServerHasNotSaidWhichItUses() throws IOException {
        try (ServerLock living = ServerLock.take(new Directories(host.directories.state(), run("alive"), "alive"))) {
            image("perhaps");
            prune();
            assertThat(host.directories.images().resolve("perhaps")).exists();
        }
    }

    /** Whoever prunes holds the lock of an ended server for a moment. */
    @Test
    void aServerThatStartsWhileItsFolderIsBeingRemovedStartsAllTheSame() throws Exception {
        Directories back = new Directories(host.directories.state(), run("back"), "back");
        KeyLock pruning = KeyLock.tryExclusive(ServerLock.file(back.run())).orElseThrow();
        CompletableFuture<ServerLock> starting = CompletableFuture.supplyAsync(() -> taken(back), host.executor);
        EndedServers.delete(back.run());
        pruning.close();
        try (ServerLock lock = starting.get()) {
            assertThat(EndedServers.lives(back.run())).isTrue();
        }
    }

    @Test
    void aLibvirtdThatIsAwayLeavesAllAsItIs() throws IOException {
        Path run = run("ended");
        host.libvirt.kill();
        prune();
        assertThat(run).exists();
    }

    @Test
    void vmsOnTheDiskOfAServerThatHasNotBeenHereForMonthsGoAndThoseOfOthersStay() throws IOException {
        try (ServerLock living = ServerLock.take(new Directories(host.directories.state(), run("alive"), "alive"))) {
            List<Path> kept = List.of(onDisk("alive", Duration.ofDays(90)), onDisk("stopped", Duration.ofDays(59)), onDisk(host.directories.serverId(), Duration.ofDays(90)));
            Path forgotten = onDisk("forgotten", Duration.ofDays(61));
            prune();
            assertThat(forgotten.getParent()).doesNotExist();
            assertThat(kept).allSatisfy(file -> assertThat(file).exists());
        }
    }

    private Path onDisk(String server, Duration ago) throws IOException {
        Path file = Files.createDirectories(host.directories.allSnapshots().resolve(server)).resolve("0011223344556677.vm");
        Files.writeString(file, "sealed");
        Files.setLastModifiedTime(file.getParent(), FileTime.from(Instant.now().minus(ago)));
        return file;
    }

    private void prune() {
        new EndedServers(host.directories, host.hypervisor).prune();
    }

    private static ServerLock taken(Directories directories) {
        try {
            return ServerLock.take(directories);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path run(String server) throws IOException {
        return Files.createDirectories(host.directories.runs().resolve(server));
    }

    private void image(String name) {
        try {
            Files.writeString(Files.createDirectories(host.directories.images().resolve(name)).resolve("vmlinuz"), name);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
