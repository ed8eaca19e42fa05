package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineFilesTest {

    @TempDir
    Path run;

    private MachineFiles files;

    @BeforeEach
    void name() {
        files = new MachineFiles(run, "agrt-a-s01", Confinement.profile("agrt-a-s01"));
    }

    @Test
    void eachFileIsNamedAfterItsVmAndNoTwoAreOne() {
        assertThat(Stream.of(files.socket(), files.monitor(), files.log(), files.stateSocket())).doesNotHaveDuplicates()
                .allMatch(file -> Confinement.isOf("agrt-a-s01", file)).noneMatch(file -> Confinement.isOf("agrt-a-s02", file)).allMatch(file -> file.getParent().equals(run));
    }

    @Test
    void allThatAreThereAreDeletedAndThoseOfAnotherVmStay() throws IOException {
        Files.createFile(files.socket());
        Files.createFile(files.log());
        Files.createFile(files.monitor());
        Files.createFile(files.ram());
        Files.createFile(run.resolve("agrt-a-s01.log.1"));
        Path others = Files.createFile(run.resolve("agrt-a-s012.log"));
        assertThat(files.present()).hasSize(5);
        files.delete();
        files.delete();
        assertThat(files.present()).isEmpty();
        assertThat(others).exists();
    }

    @Test
    void whatLibvirtDoesNotKnowOfIsNamedAfterTheProfileThatConfinesTheVm() {
        assertThat(List.of(files.monitor(), files.stateSocket(), files.ram()))
                .allSatisfy(file -> assertThat(file.getFileName().toString()).startsWith("libvirt-" + Confinement.uuid("agrt-a-s01") + "."));
        assertThat(List.of(files.socket(), files.wayOut(), files.log()))
                .allSatisfy(file -> assertThat(file.getFileName().toString()).startsWith("agrt-a-s01."));
    }

    @Test
    void aVmOpensItsTemplateByALinkOfItsOwnWhichEndsWithIt() throws IOException {
        Path template = Files.writeString(run.resolve("template"), "memory");
        Path link = files.linkTo(template);
        assertThat(link).isEqualTo(files.ram()).hasContent("memory");
        assertThat(Files.isSameFile(link, template)).isTrue();
        files.delete();
        assertThat(link).doesNotExist();
        assertThat(template).exists();
    }

    @Test
    void whatLibvirtLeavesOfItsProfileIsFoundAndThatOfOthersIsNot() throws IOException {
        Path profile = Files.createFile(run.resolve(Confinement.profile("agrt-a-s01")));
        Path files = Files.createFile(run.resolve(Confinement.profile("agrt-a-s01") + ".files"));
        Files.createFile(run.resolve(Confinement.profile("agrt-a-s02")));
        Files.createFile(run.resolve("TEMPLATE.qemu"));
        assertThat(MachineFiles.profiles(run, "agrt-a-s01")).containsExactly(profile, files);
        assertThat(MachineFiles.profiles(run.resolve("none"), "agrt-a-s01")).isEmpty();
    }

    @Test
    void aTemplateThatCannotBeLinkedIsOpenedByItsOwnPath() {
        assertThat(files.linkTo(run.resolve("missing"))).isEqualTo(run.resolve("missing"));
    }

    @Test
    void aVmThatNobodyConfinesOpensTheTemplateItself() throws IOException {
        Path template = Files.writeString(run.resolve("template"), "memory");
        MachineFiles free = new MachineFiles(run, "agrt-a-s01", "agrt-a-s01");
        assertThat(free.linkTo(template)).isEqualTo(template);
        assertThat(free.monitor()).isEqualTo(run.resolve("agrt-a-s01.monitor"));
    }
}
