package dev.agentruntime.sdk;

import java.net.http.HttpClient;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Open Liberty handles requests that came with an upgrade to HTTP/2 by other code, with traps of its own. */
@EnabledIfSystemProperty(named = "wlp.home", matches = ".+")
class LibertyHttp2Test extends LibertyTest {

    @Override
    HttpClient.Version version() {
        return HttpClient.Version.HTTP_2;
    }
}
