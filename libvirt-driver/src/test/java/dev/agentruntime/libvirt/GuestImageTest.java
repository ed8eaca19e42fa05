package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuestImageTest {

    @TempDir
    Path folder;

    private Path source;
    private Path images;

    @BeforeEach
    void build() throws IOException {
        source = Files.createDirectory(folder.resolve("image"));
        images = Files.createDirectory(folder.resolve("images"));
        for (String file : List.of("vmlinuz", "initrd", "rehearsal.war", "features.index", "features.zip")) {
            Files.writeString(source.resolve(file), file);
        }
        properties("format=4\nkey=0123456789abcdef\n");
    }

    private void properties(String text) throws IOException {
        Files.writeString(source.resolve("image.properties"), text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vmlinuz", "initrd", "rehearsal.war", "features.index", "features.zip", "image.properties"})
    void anImageThatLacksAFileIsNotPresentAndTheFileIsNamed(String file) throws IOException {
        assertThat(GuestImage.present(source)).isTrue();
        Files.delete(source.resolve(file));
        assertThat(GuestImage.present(source)).isFalse();
        assertThatThrownBy(() -> GuestImage.read(source)).isInstanceOf(VmException.class).hasMessageContaining(source.resolve(file).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "format=4\n", "key=0123456789abcdef\n", "format=3\nkey=0123456789abcdef\n", "format=4\nkey=../../etc\n", "format=4\nkey=short\n"})
    void anImageOfAnotherReleaseIsRefused(String text) throws IOException {
        properties(text);
        assertThatThrownBy(() -> GuestImage.read(source)).isInstanceOf(VmException.class).hasMessageContaining("image.properties needs format=4");
    }

    @Test
    void kernelAndInitrdArePlacedWhereQemusUserCanReadThem() throws IOException {
        GuestImage placed = GuestImage.read(source).placedIn(images);
        assertThat(placed.kernel()).hasContent("vmlinuz").isEqualTo(images.resolve("0123456789abcdef/vmlinuz"));
        assertThat(Files.getPosixFilePermissions(placed.kernel())).contains(PosixFilePermission.OTHERS_READ);
        assertThat(Files.getPosixFilePermissions(placed.kernel().getParent())).contains(PosixFilePermission.OTHERS_EXECUTE);
        assertThat(placed.rehearsal()).isEqualTo(source.resolve("rehearsal.war"));
        assertThat(placed.featureIndex()).isEqualTo(source.resolve("features.index"));
        assertThat(placed.featurePack()).isEqualTo(source.resolve("features.zip"));
    }

    @Test
    void aPlacedImageDoesNotChangeUnderRunningVms() throws IOException {
        GuestImage first = GuestImage.read(source).placedIn(images);
        Files.writeString(source.resolve("vmlinuz"), "another kernel of the same key");
        assertThat(GuestImage.read(source).placedIn(images)).isEqualTo(first);
        assertThat(first.kernel()).hasContent("vmlinuz");
    }

    @Test
    void serversThatPlaceItAtOnceLeaveOneImageAndNoDrafts() throws IOException {
        List<CompletableFuture<GuestImage>> all =
                IntStream.range(0, 8).mapToObj(i -> CompletableFuture.supplyAsync(() -> GuestImage.read(source).placedIn(images))).toList();
        assertThat(all.stream().map(CompletableFuture::join).distinct()).hasSize(1);
        try (var left = Files.list(images)) {
            assertThat(left).containsExactly(images.resolve("0123456789abcdef"));
        }
    }

    @Test
    void anImageThatCannotBePlacedLeavesNoDraft() throws IOException {
        GuestImage image = GuestImage.read(source);
        Files.delete(source.resolve("initrd"));
        assertThatThrownBy(() -> image.placedIn(images)).isInstanceOf(VmException.class).hasMessageContaining("initrd");
        assertThat(images).isEmptyDirectory();
    }

    @Test
    void aStateDirectoryThatCannotBeWrittenIsNamed() throws IOException {
        Files.delete(images);
        assertThatThrownBy(() -> GuestImage.read(source).placedIn(images)).isInstanceOf(VmException.class)
                .hasMessageContainingAll(images.toString(), "Is there room in the state directory?");
    }
}
