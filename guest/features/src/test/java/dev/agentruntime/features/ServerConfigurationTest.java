package dev.agentruntime.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerConfigurationTest {

    private static ServerConfiguration read(String text) {
        return ServerConfiguration.of("orders.server.xml", text);
    }

    @Test
    void dataSourcesEntriesAndVariablesAreTakenAsTheyAre() {
        String text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<server><variable name=\"a\" value=\"&lt;é\"/><jndiEntry jndiName=\"x\" value=\"1\"/>"
                + "<dataSource jndiName=\"jdbc/orders\"><jdbcDriver/><properties.postgresql serverName=\"orders-db.outbound\"/></dataSource></server>";
        ServerConfiguration configuration = read(text);
        assertThat(configuration.text()).isEqualTo(text);
        assertThat(configuration.features()).isEmpty();
        assertThat(configuration.kinds()).containsExactly("jdbc");
    }

    @Test
    void featuresThatItNamesAreFound() {
        assertThat(read("<server><featureManager><feature> mail-2.1 </feature><feature>persistence-3.1</feature></featureManager></server>").features())
                .containsExactly("mail-2.1", "persistence-3.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"httpEndpoint", "HttpEndpoint", "virtualHost", "webApplication", "application", "applicationManager", "config", "logging", "include",
            "applicationMonitor", "enterpriseApplication"})
    void whatThePlatformSetsIsRefusedByItsName(String element) {
        assertThatThrownBy(() -> read("<server>\n<variable name=\"a\" value=\"b\"/>\n<" + element + " id=\"defaultHttpEndpoint\" httpPort=\"9080\"/></server>"))
                .isInstanceOf(UnsuitableException.class).hasMessageContaining("orders.server.xml, line 3: <" + element + "> is the platform's");
    }

    @Test
    void aFeatureManagerHoldsFeaturesOnly() {
        assertThatThrownBy(() -> read("<server><featureManager><platform>jakartaee-10.0</platform></featureManager></server>")).hasMessageContaining("take <platform> out");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "<server>", "<server></servers>", "<server><a></server></a>", "<server/><server/>", "<server>&unknown;</server>", "\u0000"})
    void whatIsNoXmlIsRefusedAsSuch(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(UnsuitableException.class).hasMessageContaining("orders.server.xml");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<!DOCTYPE server [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><server><variable name=\"a\" value=\"&a;\"/></server>",
            "<!DOCTYPE server SYSTEM \"http://example.org/a.dtd\"><server/>", "<!DOCTYPE server [<!ENTITY % a SYSTEM \"file:///etc/passwd\"> %a;]><server/>",
            "<!DOCTYPE server [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><server>&b;</server>"})
    void entitiesAndDocumentTypesAreRefused(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(UnsuitableException.class).hasMessageContaining("orders.server.xml");
    }

    @Test
    void anotherRootAnotherEncodingAndEndlessDepthAreRefused() {
        assertThatThrownBy(() -> read("<client/>")).hasMessageContaining("<client>").hasMessageContaining("begins with <server>");
        assertThatThrownBy(() -> read("<?xml version=\"1.0\" encoding=\"IBM037\"?><server/>")).hasMessageContaining("UTF-8");
        assertThatThrownBy(() -> read("<server>" + "<a>".repeat(1000) + "</a>".repeat(1000) + "</server>")).hasMessageContaining("deep");
    }
}
