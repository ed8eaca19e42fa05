package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplateStoreTest {

    private static final int RAM = 64 * 1024;
    private static final String A = "a".repeat(64);
    private static final String B = "b".repeat(64);
    private static final String C = "c".repeat(64);

    @TempDir
    Path directory;

    private final AtomicInteger builds = new AtomicInteger();
    private TemplateStore store;

    @BeforeEach
    void open() {
        store = store();
    }

    private TemplateStore store() {
        return new TemplateStore(directory, "srv", 2L * (RAM + 4096));
    }

    @Test
    void aTemplateIsBuiltOnceAndFoundAgainByTheNextServer() {
        store.obtain(A, this::build).close();
        store.obtain(A, this::build).close();
        store().obtain(A, this::build).close();
        assertThat(builds).hasValue(1);
    }

    @Test
    void severalAtOnceBuildItOnce() {
        CompletableFuture.allOf(CompletableFuture.runAsync(() -> store.obtain(A, this::build)),
                CompletableFuture.runAsync(() -> store.obtain(A, this::build)),
                CompletableFuture.runAsync(() -> store.obtain(B, this::build))).join();
        assertThat(builds).hasValue(2);
    }

    @Test
    void aFlippedByteIsFoundAndTheTemplateBuiltAgain() throws IOException {
        Template template = build(A);
        try (var ram = Files.newByteChannel(template.ram(), StandardOpenOption.WRITE)) {
            ram.position(RAM / 2);
            ram.write(java.nio.ByteBuffer.wrap(new byte[] {99}));
        }
        assertThat(TemplateFiles.damage(template)).contains("ram has another checksum");
        store.obtain(A, this::build).close();
        assertThat(builds).hasValue(2);
        assertThat(TemplateFiles.damage(template)).isEmpty();
    }

    @Test
    void aTruncatedStateIsFoundAndTheTemplateBuiltAgain() throws IOException {
        Template template = build(A);
        Files.writeString(template.state(), "x");
        assertThat(TemplateFiles.damage(template)).contains("state has another size");
        store.obtain(A, this::build).close();
        assertThat(builds).hasValue(2);
    }

    @Test
    void aMissingFileIsFoundAndTheTemplateBuiltAgain() throws IOException {
        Files.delete(build(A).properties());
        store.obtain(A, this::build).close();
        assertThat(builds).hasValue(2);
    }

    @Test
    void theLeastRecentlyUsedGoesWhenRoomIsShort() throws IOException {
        usedAt(build(A), 200);
        usedAt(build(B), 100);
        build(C);
        store.obtain("d".repeat(64), this::build).close();
        assertThat(directory.resolve(B)).doesNotExist();
        assertThat(directory.resolve(A)).exists();
        assertThat(directory.resolve(C)).exists();
    }

    @Test
    void whatIsInUseStaysHoweverOldItIs() throws IOException {
        TemplateStore.Pin held = store.obtain(A, this::build);
        usedAt(held.template(), 1);
        usedAt(build(B), 100);
        build(C);
        store().obtain("d".repeat(64), this::build).close();
        assertThat(directory.resolve(A)).exists();
        assertThat(directory.resolve(B)).doesNotExist();
    }

    @Test
    void aFailedBuildLeavesNothingAndCanBeTriedAgain() throws IOException {
        assertThatThrownBy(() -> store.obtain(A, draft -> {
            write(draft);
            throw new VmException("no luck");
        })).hasMessage("no luck");
        try (var left = Files.list(directory)) {
            assertThat(left.filter(Files::isDirectory)).isEmpty();
        }
        store.obtain(A, this::build).close();
        assertThat(builds).hasValue(1);
    }

    @Test
    void aDiscardedTemplateIsBuiltAgainThoughOthersHoldIt() {
        TemplateStore.Pin first = store.obtain(A, this::build);
        TemplateStore.Pin second = store.obtain(A, this::build);
        store.discard(second);
        second.close();
        TemplateStore.Pin third = store.obtain(A, this::build);
        assertThat(builds).hasValue(2);
        first.close();
        assertThat(third.template().ram()).exists();
    }

    @Test
    void whatDidNotWorkForOneStaysAsLongAsAnotherHoldsIt() {
        TemplateStore.Pin user = store.obtain(A, this::build);
        TemplateStore.Pin doubter = store.obtain(A, this::build);
        assertThat(store.discardUnlessShared(doubter)).isFalse();
        doubter.close();
        assertThat(user.template().ram()).exists();

        assertThat(store.discardUnlessShared(user)).isTrue();
        user.close();
        assertThat(directory).isEmptyDirectory();
        store.obtain(A, this::build).close();
        assertThat(builds).hasValue(2);
    }

    @Test
    void whatDidNotWorkForOneServerStaysAsLongAsAnotherServerUsesIt() throws Exception {
        store.obtain(A, this::build).close();
        try (AnotherServer other = AnotherServer.using(directory.resolve(A + ".users"))) {
            TemplateStore.Pin doubter = store.obtain(A, this::build);
            assertThat(store.discardUnlessShared(doubter)).isFalse();
            doubter.close();
            assertThat(directory.resolve(A)).isDirectory();
        }
    }

    @Test
    void whatAnotherServerUsesIsUsedTooAndNotDropped() throws Exception {
        store.obtain(A, this::build).close();
        try (AnotherServer other = AnotherServer.using(directory.resolve(A + ".users"))) {
            TemplateStore here = store();
            assertTimeoutPreemptively(Duration.ofSeconds(20), () -> here.obtain(A, this::build).close());
            assertThat(builds).hasValue(1);

            here.obtain(B, this::build).close();
            here.obtain(C, this::build).close();
            assertThat(directory.resolve(A)).isDirectory();
        }
    }

    @Test
    void draftsOfAnEarlierRunAreRemovedAndThoseOfOthersAreNot() throws IOException {
        Files.createDirectories(directory.resolve(".draft-srv-1/x"));
        Files.createDirectories(directory.resolve(".draft-other-1"));
        store.tidy();
        assertThat(directory.resolve(".draft-srv-1")).doesNotExist();
        assertThat(directory.resolve(".draft-other-1")).exists();
    }

    @Test
    void whatABuilderWillWantIsNotDroppedToMakeRoomForIt() throws IOException {
        usedAt(build(A), 1);
        usedAt(build(B), 100);
        build(C);
        store.obtain("d".repeat(64), Set.of(A), draft -> {
            assertThat(directory.resolve(A)).exists();
            build(draft);
        }).close();
        assertThat(directory.resolve(B)).doesNotExist();
    }

    @Test
    void lockFilesGoWithTheirTemplate() throws IOException {
        usedAt(build(A), 1);
        build(B);
        build(C);
        store.obtain("d".repeat(64), this::build).close();
        assertThat(directory.resolve(A)).doesNotExist();
        assertThat(directory.resolve(A + ".lock")).doesNotExist();
        assertThat(directory.resolve(A + ".users")).doesNotExist();
        assertThat(directory.resolve(B + ".lock")).exists();
    }

    @Test
    void locksOfTemplatesThatAreGoneAreRemovedUnlessAnotherServerHoldsThem() throws Exception {
        Template gone = build(A);
        TemplateFiles.remove(gone.directory());
        build(B);
        Path others = Files.createFile(directory.resolve(C + ".users"));
        try (AnotherServer other = AnotherServer.using(others)) {
            store.tidy();
            assertThat(directory.resolve(A + ".users")).doesNotExist();
            assertThat(directory.resolve(A + ".lock")).doesNotExist();
            assertThat(directory.resolve(B + ".users")).exists();
            assertThat(others).exists();
        }
    }

    @Test
    void aPinThatIsDiscardedTwiceLeavesTheNextTemplateAlone() {
        TemplateStore.Pin pin = store.obtain(A, this::build);
        store.discard(pin);
        TemplateStore.Pin next = store.obtain(A, this::build);
        store.discard(pin);
        assertThat(next.template().ram()).exists();
        pin.close();
        assertThat(store.obtain(A, this::build)).isSameAs(next);
    }

    @Test
    void aLossIsSeenAtAGlance() throws IOException {
        Template template = build(A);
        assertThat(TemplateFiles.loss(template)).isEmpty();
        Files.write(template.ram(), new byte[10]);
        assertThat(TemplateFiles.loss(template)).contains("ram has another size");
        Files.delete(template.ram());
        assertThat(TemplateFiles.loss(template).orElseThrow()).contains(template.ram().toString());
        Template other = build(B);
        Files.writeString(other.state(), "STATE");
        assertThat(TemplateFiles.loss(other)).contains("state has another checksum");
        TemplateFiles.remove(other.directory());
        assertThat(TemplateFiles.loss(other)).isPresent();
    }

    private Template build(String key) {
        try (TemplateStore.Pin pin = store.obtain(key, this::build)) {
            return pin.template();
        }
    }

    private void build(Template draft) {
        builds.incrementAndGet();
        write(draft);
    }

    private static void write(Template draft) {
        try {
            byte[] ram = new byte[RAM];
            java.util.Arrays.fill(ram, (byte) 7);
            Files.write(draft.ram(), ram);
            Files.writeString(draft.state(), "state");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void usedAt(Template template, long second) throws IOException {
        Files.setLastModifiedTime(template.properties(), FileTime.from(Instant.ofEpochSecond(second)));
    }
}
