package dev.agentruntime.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.config.MetatypeFile;
import org.junit.jupiter.api.Test;

class MetatypeTest {

    @Test
    void theManualSaysWhatTheMetatypeSays() throws Exception {
        MetatypeFile metatype = new MetatypeFile(MetatypeTest.class.getClassLoader());
        assertThat(metatype.attributes()).hasSize(13);
        metatype.assertTheManualSaysTheSame();
    }
}
