package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.NoRoomException;
import dev.agentruntime.spi.TemplateLostException;
import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CloneSourceTest {

    private static final String KEY = "a".repeat(64);

    @TempDir
    Path directory;

    private final AtomicInteger tries = new AtomicInteger();
    private TemplateStore store;
    private CloneSource source;

    @BeforeEach
    void make() {
        store = new TemplateStore(directory, "srv", 1L << 30);
        source = new CloneSource(store, obtain());
    }

    private TemplateStore.Pin obtain() {
        return store.obtain(KEY, draft -> {
            try {
                Files.write(draft.ram(), new byte[8192]);
                Files.writeString(draft.state(), "state");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Fails with each of these in turn, then works. */
    private String start(VmException... failures) {
        Queue<VmException> left = new ArrayDeque<>(List.of(failures));
        return source.start(template -> {
            tries.incrementAndGet();
            if (!left.isEmpty()) {
                throw left.remove();
            }
            return template.key();
        });
    }

    private static DiedStartingException died() {
        return new DiedStartingException(new VmException("QEMU was killed"));
    }

    @Test
    void aStartThatWorksIsTriedOnce() {
        assertThat(start()).isEqualTo(KEY);
        assertThat(tries).hasValue(1);
    }

    @Test
    void aVmThatDiesIsReplacedOnceAndNotTwice() {
        assertThat(start(died())).isEqualTo(KEY);
        assertThat(tries).hasValue(2);
        tries.set(0);
        assertThatThrownBy(() -> start(died(), died())).isInstanceOf(DiedStartingException.class).hasMessage("QEMU was killed")
                .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(1));
        assertThat(tries).hasValue(2);
    }

    @Test
    void whatPassesIsNotTriedAgainHereAndSaysNothingOfTheTemplate() throws IOException {
        Files.delete(source.template().ram());
        assertThatThrownBy(() -> start(new HypervisorAwayException("away"))).isInstanceOf(HypervisorAwayException.class);
        assertThatThrownBy(() -> start(new NoRoomException("no room", 1))).isInstanceOf(NoRoomException.class);
        assertThatThrownBy(() -> start(died(), new HypervisorAwayException("away"))).isInstanceOf(TemplateLostException.class);
        assertThat(tries).hasValue(3);
    }

    @Test
    void aFailureOfAVmThatLivesIsToldAsItIs() {
        VmException failure = new VmException("the guest did not answer");
        assertThatThrownBy(() -> start(failure)).isSameAs(failure);
        assertThat(tries).hasValue(1);
    }

    @Test
    void aFileThatIsGoneMakesTheTemplateLostAndDropsIt() throws IOException {
        Files.delete(source.template().state());
        assertThatThrownBy(() -> start(new VmException("cannot load"))).isInstanceOf(TemplateLostException.class)
                .hasMessageContainingAll(source.template().directory().toString(), "state is gone").hasRootCauseMessage("cannot load");
        assertThat(source.template().directory()).doesNotExist();
    }

    @Test
    void oneByteThatDecayedInTheMemoryIsFoundAfterTwoVmsInARow() throws IOException {
        try (RandomAccessFile ram = new RandomAccessFile(source.template().ram().toFile(), "rw")) {
            ram.seek(5000);
            ram.write(1);
        }
        assertThat(start(died())).isEqualTo(KEY);
        assertThatThrownBy(() -> start(died(), died())).isInstanceOf(TemplateLostException.class).hasMessageContaining("ram has another checksum");
    }

    @Test
    void aTemplateThatWasMadeAnewMeanwhileIsLeftAlone() throws IOException {
        Files.delete(source.template().state());
        assertThatThrownBy(() -> start(new VmException("cannot load"))).isInstanceOf(TemplateLostException.class);
        TemplateStore.Pin anew = obtain();
        assertThat(source.giveUp("once more")).isTrue();
        source.close();
        source.close();
        assertThat(anew.template().state()).exists();
        anew.close();
    }
}
