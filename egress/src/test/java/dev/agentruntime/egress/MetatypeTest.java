package dev.agentruntime.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.config.MetatypeFile;
import org.junit.jupiter.api.Test;

class MetatypeTest {

    @Test
    void everyAttributeHasANameAndASentenceAndTheManualSaysTheSame() throws Exception {
        new MetatypeFile(MetatypeTest.class.getClassLoader()).assertTheManualSaysTheSame();
    }

    @Test
    void whatIsReadIsWhatCanBeWritten() throws Exception {
        MetatypeFile metatype = new MetatypeFile(MetatypeTest.class.getClassLoader());
        assertThat(metatype.names("agentRuntimeEgress")).isEqualTo(EgressSettings.ITS_OWN);
        assertThat(metatype.names("outbound")).isEqualTo(RuleReader.OF_A_SHARED_OUTBOUND);
        assertThat(metatype.names("agentRuntime.outbound")).isEqualTo(RuleReader.OF_AN_OUTBOUND);
        assertThat(metatype.names("agentRuntime.allow")).isEqualTo(RuleReader.OF_AN_ALLOW);
    }

    @Test
    void secretsArePasswords() throws Exception {
        assertThat(new MetatypeFile(MetatypeTest.class.getClassLoader()).attributes())
                .filteredOn(attribute -> attribute.getAttribute("ibm:type").equals("password"))
                .extracting(attribute -> attribute.getAttribute("id")).containsExactly("proxyPassword", "value", "value");
    }

    /** Liberty refuses all of <agentRuntime> for one that is none and has no default: at the start, every agent. */
    @Test
    void aNumberWithoutADefaultIsLeftToTheReader() throws Exception {
        assertThat(new MetatypeFile(MetatypeTest.class.getClassLoader()).attributes())
                .filteredOn(attribute -> attribute.getAttribute("type").equals("Integer"))
                .isNotEmpty().allSatisfy(attribute -> assertThat(attribute.hasAttribute("default")).as(attribute.getAttribute("id")).isTrue());
    }
}
