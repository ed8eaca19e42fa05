package dev.agentruntime.identity;

import dev.agentruntime.config.Attributes;
import java.time.Clock;
import java.util.Map;
import java.util.logging.Logger;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;

/** One {@code <credentialProvider>} beside {@code <agentRuntime>}. */
@Component(configurationPid = "credentialProvider", configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true, service = {})
public final class CredentialProviderElement {

    private static final Logger LOG = Logger.getLogger(CredentialProviderElement.class.getName());

    private final ConfiguredProviders providers;
    private final String pid;

    /** Puts the provider among the others. */
    @Activate
    public CredentialProviderElement(@Reference ConfiguredProviders providers, Map<String, Object> properties) {
        this.providers = providers;
        this.pid = String.valueOf(properties.get("service.pid"));
        modified(properties);
    }

    @Modified
    void modified(Map<String, Object> properties) {
        Attributes element = Attributes.of("credentialProvider", properties);
        ProviderReader.read(element, Vendors.load(), Clock.systemUTC().instant())
                .ifPresentOrElse(provider -> providers.put(pid, provider), () -> providers.remove(pid));
        element.problems().forEach(problem -> IdentityMessage.CONFIG_PROBLEM.log(LOG, problem));
    }

    @Deactivate
    void deactivate() {
        providers.remove(pid);
    }
}
