package dev.agentruntime.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.agentruntime.agents.ArtifactException.Cure;
import dev.agentruntime.spi.Artifact;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ArtifactStoreTest extends AgentsTestBase {

    private static final Runnable ALIVE = () -> { };

    private ArtifactStore store;

    @BeforeEach
    void makeStore() {
        store = new ArtifactStore(folder.resolve("copies"), Runnable::run);
    }

    @Test
    void aWarIsCopiedByteForByte() throws IOException {
        Artifact artifact = take("hello.war").artifact();
        assertThat(artifact.file()).hasSameBinaryContentAs(folder.resolve("hello.war"));
        assertThat(artifact.digest()).matches("[0-9a-f]{64}");
    }

    @Test
    void aCopyGoesWithItsLastUser() {
        StoredArtifact stored = take("hello.war");
        stored.retain();
        stored.release();
        assertThat(stored.artifact().file()).exists();
        stored.release();
        assertThat(stored.artifact().file()).doesNotExist();
    }

    @Test
    void theConfigurationBesideAWarIsTakenWithIt() throws IOException {
        assertThat(take("hello.war").configuration()).isEmpty();
        Files.writeString(folder.resolve("hello.server.xml"), "<server>é</server>");
        assertThat(take("hello.war").configuration()).contains("<server>é</server>");
        Files.copy(folder.resolve("hello.war"), folder.resolve("UPPER.WAR"));
        Files.writeString(folder.resolve("UPPER.server.xml"), "<server/>");
        assertThat(take("UPPER.WAR").configuration()).contains("<server/>");
    }

    @Test
    void driversBesideAWarAreTakenWithItAndGoWithItsLastUser() throws IOException {
        assertThat(take("hello.war").drivers()).isEmpty();
        Path drivers = Files.createDirectory(folder.resolve("hello.drivers"));
        Files.writeString(drivers.resolve("README"), "no driver");
        assertThat(take("hello.war").drivers()).as("nothing in it yet").isEmpty();
        Files.writeString(drivers.resolve("b.jar"), "b");
        Files.writeString(drivers.resolve("a.JAR"), "a");
        StoredArtifact stored = take("hello.war");
        Artifact taken = stored.drivers().orElseThrow();
        try (ZipFile zip = new ZipFile(taken.file().toFile())) {
            assertThat(zip.stream().map(ZipEntry::getName)).containsExactly("a.JAR", "b.jar");
        }
        assertThat(take("hello.war").drivers().orElseThrow().digest()).as("the same files").isEqualTo(taken.digest());
        Files.writeString(drivers.resolve("b.jar"), "c");
        assertThat(take("hello.war").drivers().orElseThrow().digest()).isNotEqualTo(taken.digest());
        stored.release();
        assertThat(taken.file()).doesNotExist();
        assertThat(stored.artifact().file()).doesNotExist();
    }

    @Test
    void driversThatCannotBeUsedAreRefusedByTheirName() throws IOException {
        Path drivers = folder.resolve("hello.drivers");
        Files.writeString(drivers, "");
        assertDriversRefused(drivers + " is no folder");
        Files.delete(drivers);
        Files.createSymbolicLink(drivers, Path.of("/usr/lib"));
        assertDriversRefused(drivers + " is no folder");
        Files.delete(drivers);
        Files.createDirectory(drivers);
        Files.createSymbolicLink(drivers.resolve("a.jar"), Path.of("/etc/passwd"));
        assertDriversRefused("a.jar is a symbolic link");
        Files.delete(drivers.resolve("a.jar"));
        for (int i = 0; i <= DriverFolder.MOST_JARS; i++) {
            Files.writeString(drivers.resolve(i + ".jar"), "");
        }
        assertDriversRefused("more than 50 JARs");
        assertThat(folder.resolve("copies")).isEmptyDirectory();
    }

    private void assertDriversRefused(String complaint) {
        assertThatThrownBy(() -> take("hello.war")).isInstanceOf(ArtifactException.class).hasMessageContaining(complaint);
    }

    @Test
    void whatAnEarlierRunLeftIsRemovedWithItsDrivers() throws IOException {
        Files.createDirectories(folder.resolve("copies"));
        Files.writeString(folder.resolve("copies/hello-old-1.war"), "");
        Files.writeString(folder.resolve("copies/hello-old-1.war.drivers"), "");
        StoredArtifact stored = take("hello.war");
        try (Stream<Path> copies = Files.list(folder.resolve("copies"))) {
            assertThat(copies).containsExactly(stored.artifact().file());
        }
    }

    @Test
    void aConfigurationThatCannotBeUsedIsRefusedByItsName() throws IOException {
        Path configuration = folder.resolve("hello.server.xml");
        Files.write(configuration, new byte[] {(byte) 0xff});
        assertConfigurationRefused("is not written in UTF-8");
        Files.writeString(configuration, " ".repeat(ConfigurationFile.LONGEST + 1));
        assertConfigurationRefused("is larger than 256 KiB");
        Files.delete(configuration);
        Files.createSymbolicLink(configuration, Path.of("/etc/passwd"));
        assertConfigurationRefused("is a symbolic link");
        Files.delete(configuration);
        Files.createDirectory(configuration);
        assertConfigurationRefused("is a symbolic link or a special file");
    }

    private void assertConfigurationRefused(String words) throws IOException {
        assertThatThrownBy(() -> take("hello.war")).isInstanceOfSatisfying(ArtifactException.class, refusal -> {
            assertThat(refusal).hasMessageContaining(folder.resolve("hello.server.xml") + " " + words);
            assertThat(refusal.cure()).isEqualTo(Cure.CHANGE);
        });
        assertNothingIsLeft();
    }

    @Test
    void anUnpackedWarIsPackedIntoTheSameBytesEachTime() throws IOException {
        unpacked("shop.war");
        StoredArtifact first = take("shop.war");
        Files.setLastModifiedTime(folder.resolve("shop.war/WEB-INF/web.xml"), FileTime.fromMillis(1));
        assertThat(take("shop.war").artifact().digest()).isEqualTo(first.artifact().digest());
        try (ZipFile zip = new ZipFile(first.artifact().file().toFile())) {
            assertThat(Collections.list(zip.entries())).extracting(ZipEntry::getName)
                    .containsExactly("WEB-INF/", "WEB-INF/classes/", "WEB-INF/classes/A.class", "WEB-INF/web.xml", "index.html");
            assertThat(zip.getInputStream(zip.getEntry("index.html"))).hasContent("hello");
        }
    }

    @Test
    void aChangeInAnUnpackedWarMakesAnotherDigest() throws IOException {
        unpacked("shop.war");
        String first = take("shop.war").artifact().digest();
        Files.writeString(folder.resolve("shop.war/index.html"), "changed");
        assertThat(take("shop.war").artifact().digest()).isNotEqualTo(first);
    }

    @Test
    void anUnpackedWarWithASymbolicLinkIsRefusedByTheLinksName() throws IOException {
        unpacked("shop.war");
        Files.createSymbolicLink(folder.resolve("shop.war/WEB-INF/passwd"), Path.of("/etc/passwd"));
        assertRefused("shop.war", Cure.CHANGE, "WEB-INF/passwd is a symbolic link");
    }

    @Test
    void aSymbolicLinkToAFolderIsRefusedToo() throws IOException {
        unpacked("shop.war");
        Files.createSymbolicLink(folder.resolve("shop.war/WEB-INF/lib"), folder);
        assertRefused("shop.war", Cure.CHANGE, "WEB-INF/lib is a symbolic link");
    }

    @Test
    void aLinkToAnUnpackedWarIsAsGoodAsTheFolderItself() throws IOException {
        unpacked("shop-1.2");
        Files.createSymbolicLink(folder.resolve("shop.war"), folder.resolve("shop-1.2"));
        assertThat(take("shop.war").artifact().digest()).isEqualTo(
                store.take(agent("direct", folder.resolve("shop-1.2")), ALIVE).artifact().digest());
        FileStamp before = FileStamp.of(folder.resolve("shop.war"), ALIVE).orElseThrow();
        Files.writeString(folder.resolve("shop-1.2/index.html"), "another length");
        assertThat(FileStamp.of(folder.resolve("shop.war"), ALIVE)).isPresent().get().isNotEqualTo(before);
    }

    @Test
    void aFolderWithoutWebInfIsNoWar() throws IOException {
        Files.createDirectories(folder.resolve("empty.war"));
        assertRefused("empty.war", Cure.CHANGE, "has no WEB-INF");
    }

    @Test
    void anEarIsRefusedByItsNameAndByItsContent() throws IOException {
        zip("shop.ear", "META-INF/application.xml", "<application/>");
        zip("shop.war", "META-INF/application.xml", "<application/>");
        assertRefused("shop.ear", Cure.CHANGE, "is an EAR");
        assertRefused("shop.war", Cure.CHANGE, "is an EAR");
    }

    @Test
    void aFileThatIsNoZipIsRefused() throws IOException {
        Files.writeString(folder.resolve("half.war"), "half a file");
        assertRefused("half.war", Cure.CHANGE, "Put a complete WAR there");
    }

    /** It would be held in the server's memory as a whole. */
    @Test
    void aWarWithAnEndlessListOfFilesIsRefusedBeforeItIsOpened() throws IOException {
        Path war = folder.resolve("bomb.war");
        Files.write(war, new byte[] {'P', 'K', 3, 4});
        try (RandomAccessFile file = new RandomAccessFile(war.toFile(), "rw")) {
            file.setLength(40 << 20);
            file.seek(file.length() - 22);
            file.write(new byte[] {'P', 'K', 5, 6, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0});
        }
        assertRefused("bomb.war", Cure.CHANGE, "bomb.war", "list of files of more than 16 MB");
    }

    @Test
    void whatIsNeitherAFileNorAFolderIsRefusedAndNotWaitedFor() throws Exception {
        Path pipe = folder.resolve("pipe.war");
        assumeThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        assertRefused("pipe.war", Cure.CHANGE, "pipe.war", "neither a file nor a folder");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 21, 60})
    void aWarThatIsCutShortIsRefused(int bytes) throws IOException {
        byte[] whole = Files.readAllBytes(folder.resolve("hello.war"));
        Files.write(folder.resolve("cut.war"), Arrays.copyOf(whole, Math.min(bytes, whole.length - 1)));
        assertRefused("cut.war", Cure.CHANGE, "cut.war", "cannot be read");
    }

    @Test
    void aWarThatCannotFitIntoTheGuestsMemoryIsRefusedWithTheFigures() throws IOException {
        try (RandomAccessFile sparse = new RandomAccessFile(folder.resolve("huge.war").toFile(), "rw")) {
            sparse.setLength(3 * GIB);
        }
        assertRefused("huge.war", Cure.CHANGE, "3072 MB", "1024 MB", "memory");
    }

    @Test
    void anUnpackedWarThatCannotFitIsRefusedBeforeItFillsTheDisk() throws IOException {
        unpacked("shop.war");
        byte[] noise = new byte[200_000];
        new Random(7).nextBytes(noise);
        Files.write(folder.resolve("shop.war/noise.bin"), noise);
        ArtifactException refusal = catchThrowableOfType(ArtifactException.class, () -> store.take(
                agent("shop", folder.resolve("shop.war"), 100_000, Sharing.VERSION), ALIVE));
        assertThat(refusal).hasMessageContaining("or more");
        assertNothingIsLeft();
    }

    @Test
    void aFileThatCannotBeReadNowIsTriedAgain() {
        ArtifactException refusal = catchThrowableOfType(ArtifactException.class, () -> store.take(
                agent("hello", folder.resolve("gone.war")), ALIVE));
        assertThat(refusal.cure()).isEqualTo(Cure.RETRY);
        assertThat(refusal).hasMessageContaining("gone.war");
    }

    @Test
    void aFolderForCopiesThatCannotBeMadeIsTriedAgain() throws IOException {
        Files.writeString(folder.resolve("copies"), "in the way");
        assertRefused("hello.war", Cure.RETRY, "It is tried again by itself");
    }

    @Test
    void aLongCopyShowsThatItIsAlive() throws IOException {
        int[] steps = new int[1];
        byte[] noise = new byte[1_000_000];
        new Random(7).nextBytes(noise);
        Files.write(folder.resolve("noise.war"), noise);
        assertThatThrownBy(() -> store.take(agent("noise", folder.resolve("noise.war")), () -> steps[0]++))
                .isInstanceOf(ArtifactException.class);
        assertThat(steps[0]).isGreaterThan(10);
    }

    private void unpacked(String name) throws IOException {
        Files.createDirectories(folder.resolve(name + "/WEB-INF/classes"));
        Files.writeString(folder.resolve(name + "/WEB-INF/web.xml"), "<web-app/>");
        Files.writeString(folder.resolve(name + "/WEB-INF/classes/A.class"), "class");
        Files.writeString(folder.resolve(name + "/index.html"), "hello");
    }

    private void assertRefused(String file, Cure cure, String... words) throws IOException {
        ArtifactException refusal = catchThrowableOfType(ArtifactException.class, () -> take(file));
        assertThat(refusal).hasMessageContainingAll(words).hasMessageContaining(file);
        assertThat(refusal.cure()).isEqualTo(cure);
        assertNothingIsLeft();
    }

    private void assertNothingIsLeft() throws IOException {
        if (Files.isDirectory(folder.resolve("copies"))) {
            try (var left = Files.list(folder.resolve("copies"))) {
                assertThat(left.toList()).isEqualTo(List.of());
            }
        }
    }

    private StoredArtifact take(String file) {
        String name = file.substring(0, file.indexOf('.')).toLowerCase(Locale.ROOT);
        return store.take(agent(name, folder.resolve(file)), ALIVE);
    }
}
