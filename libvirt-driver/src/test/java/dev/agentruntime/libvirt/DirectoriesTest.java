package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoriesTest {

    @TempDir
    Path folder;

    private static QemuUser self() throws IOException {
        return new QemuUser((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid"), (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:gid"));
    }

    @Test
    void everyFolderIsMade() throws IOException {
        Directories directories = Directories.of(folder.resolve("state"), "a");
        directories.create();
        directories.create();
        assertThat(directories.templates()).isDirectory();
        assertThat(directories.images()).isDirectory();
        assertThat(directories.run()).isDirectory().isEqualTo(folder.resolve("state/run/a"));
    }

    @Test
    void everySocketsPathFitsTheKernelsBoundOrTheDirectoryIsRefused() {
        String longest = Confinement.fileName("agrt-0123456789abcdef-s0123456789") + ".monitor";
        for (int length = 20; length < 100; length++) {
            Path state = Path.of("/" + "x".repeat(length));
            try {
                Path run = Directories.of(state, "0123456789abcdef").run();
                assertThat(run.resolve(longest).toString().getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(107);
            } catch (IllegalArgumentException refused) {
                assertThat(state.resolve("run/0123456789abcdef").resolve(longest).toString().length()).isGreaterThan(107);
            }
        }
    }

    @Test
    void aDirectoryThatIsTooLongSaysByHowMuch() {
        assertThatIllegalArgumentException().isThrownBy(() -> Directories.of(Path.of("/" + "ü".repeat(60)), "a"))
                .withMessageContainingAll("stateDirectory", "characters too long", "/var/lib/agent-runtime");
    }

    @Test
    void theFoldersAreOpenedToQemusUserAsFarAsItNeedsThem() throws IOException {
        Directories directories = Directories.of(folder.resolve("state"), "a");
        directories.create();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        directories.openTo(Optional.of(self()));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directories.templates()))).isEqualTo("rwx--x--x");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directories.run()))).as("who reaches a VM's sockets has the VM").isEqualTo("rwx------");
    }

    @Test
    void aLinkIsGivenToQemuAndNotWhatItLeadsTo() throws IOException {
        assumeTrue(HostInspection.isRoot());
        Path target = Files.createFile(folder.resolve("target"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), target);
        new QemuUser(12345, 12346).own(link);
        assertThat(Files.getAttribute(target, "unix:uid")).isEqualTo(0);
        assertThat(Files.getAttribute(link, "unix:uid", LinkOption.NOFOLLOW_LINKS)).isEqualTo(12345);
        assertThat(Files.getAttribute(link, "unix:gid", LinkOption.NOFOLLOW_LINKS)).isEqualTo(12346);
    }

    @Test
    void aFolderAboveThatLetsNobodyThroughIsNamedWithTheCure() throws IOException {
        Path closed = Files.createDirectory(folder.resolve("closed"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Directories directories = Directories.of(closed.resolve("state"), "a");
        directories.create();
        QemuUser self = self();
        assertThatThrownBy(() -> directories.openTo(Optional.of(self))).isInstanceOf(IOException.class).hasMessageContaining("chmod o+x " + closed);
    }

    @Test
    void ourOwnQemuNeedsNothingOpened() throws IOException {
        Directories directories = Directories.of(folder.resolve("never made"), "a");
        directories.openTo(Optional.empty());
        assertThat(directories.state()).doesNotExist();
    }

    @Test
    void scratchMemoryLiesInSharedMemoryOnlyWhereThereIsPlenty() throws IOException {
        Directories directories = Directories.of(folder.resolve("state"), "a");
        assertThat(directories.scratch("vm", Long.MAX_VALUE / 2)).isEqualTo(directories.files("vm").ram());
        assertThat(directories.scratch("agrt-a-t0123456789", 1)).matches(file -> file.startsWith("/dev/shm")).matches(file -> Confinement.isOf("agrt-a-t0123456789", file));
    }

    @Test
    void scratchMemoryOfAnEarlierRunIsFoundByTheServersName() throws IOException {
        Directories directories = Directories.of(folder.resolve("state"), "dirtest");
        Path stale = directories.scratch("agrt-dirtest-t0123456789", 1);
        if (!Files.isWritable(stale.getParent())) {
            return;
        }
        Files.createFile(stale);
        try {
            assertThat(directories.staleScratch()).containsExactly(stale);
            assertThat(Directories.of(folder.resolve("state"), "dirtes").staleScratch()).isEmpty();
        } finally {
            Files.delete(stale);
        }
    }
}
