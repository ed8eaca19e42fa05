package dev.agentruntime.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.config.MetatypeFile;
import org.junit.jupiter.api.Test;

class MetatypeTest {

    @Test
    void theManualSaysWhatTheMetatypeSays() throws Exception {
        MetatypeFile metatype = new MetatypeFile(MetatypeTest.class.getClassLoader());
        assertThat(metatype.attributes()).hasSize(3);
        metatype.assertTheManualSaysTheSame();
    }
}
