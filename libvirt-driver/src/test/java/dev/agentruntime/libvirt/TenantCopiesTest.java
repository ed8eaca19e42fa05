package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.Tenant;
import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TenantCopiesTest {

    private static final int RAM = 64 * 1024;
    private static final Tenant RED = new Tenant("https://idp", Tenant.Kind.NAMED, "red");
    private static final Tenant BLUE = new Tenant("https://idp", Tenant.Kind.NAMED, "blue");
    private static final GuestPlan PLAN = new GuestPlan(
            new HostProfile(Path.of("/usr/bin/qemu-system-x86_64"), "7.2/1/1", "pc-q35-7.2", Verdict.tcg("a test"), "cpu", Optional.empty()),
            new GuestImage("0123", Path.of("/i/vmlinuz"), Path.of("/i/initrd"), Path.of("/i/rehearsal.war")), RAM, 1, false, false);

    @TempDir
    Path directory;

    private Template original;
    private TemplateStore store;
    private TenantCopies copies;

    @BeforeEach
    void makeTheOriginal() throws IOException {
        original = new Template("a".repeat(64), Files.createDirectory(directory.resolve("original")));
        byte[] ram = new byte[RAM];
        Arrays.fill(ram, 0, RAM / 2, (byte) 7);
        Files.write(original.ram(), ram);
        Files.writeString(original.state(), "state");
        open(1L << 20);
    }

    private void open(long maxBytes) throws IOException {
        Path templates = Files.createDirectories(directory.resolve("templates"));
        store = new TemplateStore(templates, "srv", maxBytes);
        copies = new TenantCopies(store, PLAN, original);
    }

    @Test
    void aCopyHoldsWhatTheOriginalDoes() {
        try (TemplateStore.Pin copy = copies.of(RED)) {
            assertThat(copy.template().ram()).hasSameBinaryContentAs(original.ram());
            assertThat(copy.template().state()).hasSameBinaryContentAs(original.state());
        }
    }

    @Test
    void oneTenantHasOneCopyAndAnotherTenantAnother() throws IOException {
        Object red = file(RED);
        assertThat(file(RED)).isEqualTo(red);
        assertThat(file(BLUE)).isNotEqualTo(red);
        assertThat(List.of(red, file(BLUE))).doesNotContain(fileOf(original));
    }

    @Test
    void membersWhoArriveAtOnceWaitForOneCopy() {
        List<CompletableFuture<TemplateStore.Pin>> asking =
                IntStream.range(0, 4).mapToObj(i -> CompletableFuture.supplyAsync(() -> copies.of(RED))).toList();
        assertThat(asking.stream().map(CompletableFuture::join).distinct()).hasSize(1);
        assertThat(directory.resolve("templates")).isDirectoryContaining(Files::isDirectory);
    }

    @Test
    void aDamagedCopyIsMadeAgain() throws IOException {
        Template copy = copyOf(RED);
        Files.writeString(copy.ram(), "x");
        try (TemplateStore.Pin again = copies.of(RED)) {
            assertThat(again.template().ram()).hasSameBinaryContentAs(original.ram());
        }
    }

    @Test
    void aCopyInUseStaysAndOneThatIsNotMakesRoom() throws IOException {
        open(RAM);
        Template unused = copyOf(BLUE);
        Files.setLastModifiedTime(unused.properties(), FileTime.from(Instant.EPOCH));
        TemplateStore.Pin used = copies.of(RED);
        Files.setLastModifiedTime(used.template().properties(), FileTime.from(Instant.EPOCH));
        IntStream.range(0, 4).forEach(i -> copyOf(new Tenant("https://idp", Tenant.Kind.ALONE, "member " + i)));
        assertThat(unused.directory()).doesNotExist();
        assertThat(used.template().directory()).exists();
    }

    @Test
    void anOriginalThatIsGoneIsNamed() throws IOException {
        TemplateFiles.remove(original.directory());
        assertThatThrownBy(() -> copies.of(RED)).isInstanceOf(VmException.class).hasMessageContaining(original.ram().toString());
        try (var left = Files.list(directory.resolve("templates"))) {
            assertThat(left.filter(Files::isDirectory)).isEmpty();
        }
    }

    private Template copyOf(Tenant tenant) {
        try (TemplateStore.Pin copy = copies.of(tenant)) {
            return copy.template();
        }
    }

    private Object file(Tenant tenant) throws IOException {
        return fileOf(copyOf(tenant));
    }

    /** Device and inode, which is what the page cache goes by. */
    private static Object fileOf(Template template) throws IOException {
        return Files.readAttributes(template.ram(), java.nio.file.attribute.BasicFileAttributes.class).fileKey();
    }
}
