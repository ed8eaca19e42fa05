package dev.agentruntime.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.config.MetatypeFile;
import org.junit.jupiter.api.Test;

class MetatypeTest {

    @Test
    void everyAttributeHasANameAndASentenceAndTheManualSaysTheSame() throws Exception {
        new MetatypeFile(MetatypeTest.class.getClassLoader()).assertTheManualSaysTheSame();
    }

    @Test
    void secretsArePasswords() throws Exception {
        assertThat(new MetatypeFile(MetatypeTest.class.getClassLoader()).attributes())
                .filteredOn(attribute -> attribute.getAttribute("ibm:type").equals("password"))
                .extracting(attribute -> attribute.getAttribute("id")).containsExactly("secret");
    }
}
