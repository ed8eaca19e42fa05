package dev.agentruntime.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.config.MetatypeFile;
import org.junit.jupiter.api.Test;

class MetatypeTest {

    @Test
    void theManualSaysWhatTheMetatypeSays() throws Exception {
        MetatypeFile metatype = new MetatypeFile(MetatypeTest.class.getClassLoader());
        assertThat(metatype.names("agentRuntimeLogs")).isEqualTo(LogsSettings.ITS_OWN);
        metatype.assertTheManualSaysTheSame();
    }
}
