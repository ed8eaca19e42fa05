package dev.agentruntime.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.config.MetatypeFile;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MetatypeTest {

    @Test
    void theManualSaysWhatTheMetatypeSays() throws Exception {
        MetatypeFile metatype = new MetatypeFile(MetatypeTest.class.getClassLoader());
        assertThat(metatype.attributes()).hasSize(13);
        metatype.assertTheManualSaysTheSame();
    }

    @Test
    void whatIsNotInTheMetatypeIsTakenForMistypedAndNothingElse() throws Exception {
        List<String> names = new MetatypeFile(MetatypeTest.class.getClassLoader()).attributes().stream().map(attribute -> attribute.getAttribute("id")).toList();
        assertThat(Stream.of(AccountingSettings.ITS_OWN, AccountingSettings.OF_A_BUDGET).flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(names);
    }
}
