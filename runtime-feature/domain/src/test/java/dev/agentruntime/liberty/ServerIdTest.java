package dev.agentruntime.liberty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ServerIdTest {

    @TempDir
    Path folder;

    @Test
    void aServerKeepsItsIdOverRestarts() {
        String id = id("server", "defaultServer", "machine");
        assertThat(id).matches("[a-z0-9]{1,16}").startsWith("defaults").isEqualTo(id("server", "defaultServer", "machine"));
    }

    @Test
    void aServerThatIsRenamedKeepsItsId() {
        String id = id("server", "defaultServer", "machine");
        assertThat(id("server", "other", "machine")).isEqualTo(id);
    }

    @Test
    void aServerThatIsStartedByALinkToItsDirectoryKeepsItsId() throws IOException {
        String id = id("server", "defaultServer", "machine");
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("server"));
        assertThat(id("link", "defaultServer", "machine")).isEqualTo(id);
    }

    @Test
    void serversSetUpAlikeHaveDifferentIds() {
        Set<String> ids = IntStream.range(0, 100).mapToObj(i -> id("host" + i, "defaultServer", "machine")).collect(Collectors.toSet());
        assertThat(ids).hasSize(100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ÄÖÜ", "a-very-long-name-of-a-server", "../x", "9"})
    void anyNameMakesAnIdOfTheRightForm(String name) {
        assertThat(id("server", name, "machine")).matches("[a-z0-9]{8,16}");
    }

    @Test
    void aCopyOnAnotherMachineHasAnIdOfItsOwn() {
        String original = id("server", "defaultServer", "machine");
        String copy = id("server", "defaultServer", "clone");
        assertThat(copy).isNotEqualTo(original).isEqualTo(id("server", "defaultServer", "clone"));
    }

    @Test
    void aCopyBesideTheOriginalHasAnIdOfItsOwn() throws IOException {
        String original = id("server", "defaultServer", "machine");
        Files.createDirectories(folder.resolve("copy"));
        Files.copy(folder.resolve("server/server-id"), folder.resolve("copy/server-id"));
        assertThat(id("copy", "defaultServer", "machine")).isNotEqualTo(original);
        assertThat(id("server", "defaultServer", "machine")).isEqualTo(original);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "id=", "id=UPPER", "id=../../etc", "id=\\u00", "\0\0\0", "id=aaaaaaaaaaaaaaaaaaaaaaaa"})
    void aDamagedFileIsReplaced(String damaged) throws IOException {
        Files.createDirectories(folder.resolve("server"));
        Files.writeString(folder.resolve("server/server-id"), damaged);
        String id = id("server", "defaultServer", "machine");
        assertThat(id).matches("[a-z0-9]{16}").isEqualTo(id("server", "defaultServer", "machine"));
    }

    @Test
    void aServerWhoseIdCannotBeKeptHasOneAllTheSame() throws IOException {
        Files.writeString(folder.resolve("server"), "a file where the directory should be");
        assertThat(id("server", "defaultServer", "machine")).matches("[a-z0-9]{16}");
    }

    @Test
    void nothingElseIsLeftInTheDirectory() {
        id("server", "defaultServer", "machine");
        assertThat(folder.resolve("server")).isDirectoryContaining(file -> file.endsWith("server-id"))
                .isDirectoryNotContaining("glob:**.draft");
    }

    @Test
    void aMachineIsToldByItsIdAndElseByItsName() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty"), "\n");
        Path id = Files.writeString(folder.resolve("machine-id"), "0123456789abcdef\n");
        Path name = Files.writeString(folder.resolve("hostname"), "build-7\n");
        Path none = folder.resolve("none");
        assertThat(MachineId.of(List.of(none, empty, id), name)).isEqualTo("0123456789abcdef");
        assertThat(MachineId.of(List.of(none, empty), name)).isEqualTo("host build-7");
        assertThat(MachineId.of(List.of(none), none)).isEmpty();
    }

    private String id(String directory, String name, String machine) {
        return new ServerId(folder.resolve(directory), name, machine).value();
    }
}
