package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.libvirt.Machine.Ram;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TranslationCacheTest {

    private static final Path FILE = Path.of("/state/ram");

    @Test
    void aCloneOfAnAgentThatUsesWhatEveryGuestHasKeepsLittle() {
        assertThat(TranslationCache.mib(new Ram.Private(FILE), false)).isEqualTo(48);
    }

    @Test
    void aCloneWhoseServerHasMoreFeaturesKeepsMore() {
        assertThat(TranslationCache.mib(new Ram.Private(FILE), true)).isEqualTo(128);
    }

    @Test
    void aVmThatBootsItsAgentForOneSessionRunsMoreThanAClone() {
        assertThat(TranslationCache.mib(new Ram.Anonymous(), false)).isEqualTo(128);
    }

    @Test
    void whatWritesATemplateNeverTranslatesItsStartTwice() {
        for (Machine.Beginning beginning : Machine.Beginning.values()) {
            assertThat(TranslationCache.mib(new Ram.Shared(FILE, beginning), false)).isEqualTo(256);
            assertThat(TranslationCache.mib(new Ram.Shared(FILE, beginning), true)).isEqualTo(256);
        }
    }
}
