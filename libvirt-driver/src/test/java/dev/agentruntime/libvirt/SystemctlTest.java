package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemctlTest {

    @TempDir
    Path folder;

    @Test
    void aUnitIsStartedAndStoppedByItsName() throws IOException {
        Path told = folder.resolve("told");
        Systemctl systemctl = systemctl("echo \"$@\" >> " + told, 10_000);
        systemctl.start("machine-agrt-a-s1.slice");
        systemctl.stop("machine-agrt-a-s1.slice");
        assertThat(told).hasContent("--quiet --no-ask-password start -- machine-agrt-a-s1.slice\n"
                + "--quiet --no-ask-password stop -- machine-agrt-a-s1.slice");
    }

    @Test
    void propertiesAreSetUntilTheUnitStops() throws IOException {
        Path told = folder.resolve("told");
        systemctl("echo \"$@\" >> " + told, 10_000).limit("a.slice", List.of("CPUQuota=150%", "TasksMax=256"));
        assertThat(told).hasContent("--quiet --no-ask-password --runtime set-property -- a.slice CPUQuota=150% TasksMax=256");
    }

    @Test
    void whatSystemdRefusesIsToldInItsWords() throws IOException {
        Systemctl systemctl = systemctl("echo 'Failed to start it: Access denied' >&2; exit 4", 10_000);
        assertThatThrownBy(() -> systemctl.start("a.slice")).isInstanceOf(IOException.class)
                .hasMessageContainingAll("systemctl start a.slice failed", "Access denied");
    }

    @Test
    void aSystemdThatHangsIsNotWaitedForWithoutEnd() throws IOException {
        Systemctl systemctl = systemctl("exec sleep 60", 200);
        assertThatThrownBy(() -> systemctl.stop("a.slice")).isInstanceOf(IOException.class).hasMessageContaining("is systemd well?");
    }

    @Test
    void aHostWithoutSystemctlIsTold() {
        Systemctl missing = new Systemctl(folder.resolve("none").toString(), Duration.ofSeconds(1));
        assertThatThrownBy(() -> missing.start("a.slice")).isInstanceOf(IOException.class);
    }

    private Systemctl systemctl(String body, int limitMillis) throws IOException {
        Path script = Files.writeString(folder.resolve("systemctl"), "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new Systemctl(script.toString(), Duration.ofMillis(limitMillis));
    }
}
