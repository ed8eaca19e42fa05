package dev.agentruntime.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Effective;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class StoreSettingsTest {

    @Test
    void theDefaultIsTheDataSourceOfTheFeature() {
        assertThat(StoreSettings.read(Attributes.of("agentRuntime", Map.of()))).isEqualTo(new StoreSettings("jdbc/agentRuntime"));
    }

    @Test
    void theDataSourceIsTakenAndDescribed() {
        StoreSettings settings = StoreSettings.read(Attributes.of("agentRuntime", Map.of("dataSource", " jdbc/ledger ")));
        Effective effective = new Effective();
        settings.describe(effective);
        assertThat(effective.text()).isEqualTo("dataSource=jdbc/ledger");
    }
}
