package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyLockTest {

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("a.lock");
    }

    @Test
    void aLockKeepsOthersOutUntilItIsLetGo() throws IOException {
        KeyLock lock = KeyLock.exclusive(file);
        assertThat(KeyLock.tryExclusive(file)).isEmpty();
        assertThat(AnotherServer.couldLock(file)).isFalse();
        lock.close();
        assertThat(AnotherServer.couldLock(file)).isTrue();
        KeyLock.tryExclusive(file).orElseThrow().close();
    }

    @Test
    void whoAsksInVainDoesNotDropTheLockForOtherProcesses() throws IOException {
        try (KeyLock shared = KeyLock.shared(file)) {
            assertThat(KeyLock.tryExclusive(file)).isEmpty();
            assertThat(AnotherServer.couldLock(file)).as("after a second look at it").isFalse();
        }
        assertThat(AnotherServer.couldLock(file)).isTrue();
    }

    @Test
    void aLockThatIsSharedInOneProcessIsHeldUntilTheLastHolderLetsGo() throws IOException {
        KeyLock one = KeyLock.shared(file);
        KeyLock other = KeyLock.shared(file);
        one.close();
        one.close();
        assertThat(AnotherServer.couldLock(file)).isFalse();
        assertThat(KeyLock.tryExclusive(file)).isEmpty();
        other.close();
        assertThat(AnotherServer.couldLock(file)).isTrue();
    }

    @Test
    void anotherProcessSharesALockThatIsShared() throws IOException {
        try (AnotherServer other = AnotherServer.using(file)) {
            KeyLock.shared(file).close();
            assertThat(KeyLock.tryExclusive(file)).isEmpty();
        }
    }

    @Test
    void aFileIsOneWhateverPathNamesIt() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Files.createDirectory(folder.resolve("real")));
        try (KeyLock held = KeyLock.exclusive(folder.resolve("real/a.lock"))) {
            assertThat(KeyLock.tryExclusive(link.resolve("a.lock"))).isEmpty();
            assertThat(KeyLock.tryExclusive(folder.resolve("real/../real/a.lock"))).isEmpty();
        }
    }

    @Test
    void whoWaitsGetsItWhenItIsLetGo() throws Exception {
        KeyLock first = KeyLock.exclusive(file);
        CompletableFuture<KeyLock> second = CompletableFuture.supplyAsync(() -> exclusive(file));
        assertThat(second).isNotDone();
        first.close();
        second.get(30, TimeUnit.SECONDS).close();
    }

    @Test
    void oneAtATimeHasItThoughItsFileIsDeletedEachTime() {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<CompletableFuture<Void>> all = IntStream.range(0, 8).mapToObj(i -> CompletableFuture.runAsync(() -> {
            for (int n = 0; n < 50; n++) {
                try (KeyLock lock = exclusive(file)) {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    inside.decrementAndGet();
                    lock.deleteFile();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        })).toList();
        all.forEach(CompletableFuture::join);
        assertThat(most).hasValue(1);
        assertThat(file).doesNotExist();
    }

    @Test
    void aLockThatAnotherServerWasWaitingForIsNoLockOnceItsFileIsGone() throws IOException {
        KeyLock lock = KeyLock.exclusive(file);
        lock.deleteFile();
        Path next = Files.createFile(file);
        lock.close();
        try (KeyLock fresh = KeyLock.exclusive(next)) {
            assertThat(AnotherServer.couldLock(file)).isFalse();
        }
    }

    @Test
    void aFolderThatIsNotThereIsTold() {
        assertThatThrownBy(() -> KeyLock.exclusive(folder.resolve("none/a.lock"))).isInstanceOf(IOException.class);
    }

    private static KeyLock exclusive(Path file) {
        try {
            return KeyLock.exclusive(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
