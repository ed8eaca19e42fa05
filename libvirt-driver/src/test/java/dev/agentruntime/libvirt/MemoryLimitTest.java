package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.libvirt.ControlGroups.Hierarchy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryLimitTest {

    private static final String NO_LIMIT = "9223372036854771712";

    @TempDir
    Path root;

    @Test
    void aContainerOfVersion2LeavesItsLimitLessWhatIsUsedAndNotFileCache() throws IOException {
        write("memory.max", "1000000");
        write("memory.current", "700000");
        write("memory.stat", "anon 400000\nfile 300000\ninactive_file 200000\nactive_file 50000\nshmem 50000");
        assertThat(unified().roomBytes()).isEqualTo(1_000_000 - (700_000 - 250_000));
    }

    @Test
    void aContainerOfVersion1IsSeenToo() throws IOException {
        write("memory.limit_in_bytes", "1000000");
        write("memory.usage_in_bytes", "700000");
        write("memory.stat", "inactive_file 1\ntotal_inactive_file 100000\ntotal_active_file 0");
        assertThat(legacy().roomBytes()).isEqualTo(400_000);
    }

    @Test
    void aContainerThatUsesMoreThanItsLimitHasNoRoom() throws IOException {
        write("memory.max", "1000");
        write("memory.current", "2000");
        assertThat(unified().roomBytes()).isZero();
    }

    @Test
    void withoutALimitThereIsRoomWithoutEnd() throws IOException {
        assertThat(unified().roomBytes()).isEqualTo(Long.MAX_VALUE);
        write("memory.max", "max");
        write("memory.current", "700000");
        assertThat(unified().roomBytes()).isEqualTo(Long.MAX_VALUE);
        write("memory.limit_in_bytes", NO_LIMIT);
        write("memory.usage_in_bytes", "700000");
        assertThat(legacy().roomBytes()).isGreaterThan(1L << 60);
        assertThat(new MemoryLimit(new ControlGroups(List.of())).roomBytes()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theTightestOfSeveralCounts() throws IOException {
        write("memory.max", "5000");
        write("memory.current", "0");
        write("memory.limit_in_bytes", "3000");
        write("memory.usage_in_bytes", "0");
        assertThat(new MemoryLimit(new ControlGroups(List.of(new Hierarchy.Unified(root), new Hierarchy.Legacy(root, List.of("memory")))))
                .roomBytes()).isEqualTo(3000);
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(root.resolve(file), text + "\n");
    }

    private MemoryLimit unified() {
        return new MemoryLimit(new ControlGroups(List.of(new Hierarchy.Unified(root))));
    }

    private MemoryLimit legacy() {
        return new MemoryLimit(new ControlGroups(List.of(new Hierarchy.Legacy(root, List.of("memory")))));
    }
}
