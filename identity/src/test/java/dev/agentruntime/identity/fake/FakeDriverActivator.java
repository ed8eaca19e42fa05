package dev.agentruntime.identity.fake;

import dev.agentruntime.spi.VmDriverProvider;
import dev.agentruntime.spi.fake.FakeDriver;
import java.nio.charset.StandardCharsets;
import java.util.Hashtable;
import java.util.Map;
import java.util.stream.Collectors;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Gives a real server a hypervisor in memory, whose guests send back the headers that they are sent. */
public final class FakeDriverActivator implements BundleActivator {

    private FakeDriver driver;

    @Override
    public void start(BundleContext context) {
        driver = new FakeDriver();
        driver.agent((request, response) -> response.send(200, Map.of("Content-Type", "application/json"), json(request.headers())));
        context.registerService(VmDriverProvider.class, driver, new Hashtable<>());
    }

    /** Names and values that need no escapes. */
    private static byte[] json(Map<String, String> headers) {
        return headers.entrySet().stream().map(header -> "\"" + header.getKey() + "\":\"" + header.getValue() + "\"")
                .collect(Collectors.joining(",", "{", "}")).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void stop(BundleContext context) {
        driver.close();
    }
}
