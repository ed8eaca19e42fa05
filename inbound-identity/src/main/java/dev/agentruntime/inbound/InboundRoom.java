package dev.agentruntime.inbound;

import dev.agentruntime.api.InboundIdentity;
import dev.agentruntime.api.InboundRequest;
import dev.agentruntime.api.InboundVerdict;
import dev.agentruntime.api.RuntimeAuthorizers;
import dev.agentruntime.api.TokensTaken;
import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Metatype;
import dev.agentruntime.net.Fetch;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Logger;
import javax.net.ssl.SSLSocketFactory;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Who calls, as {@code <agentRuntimeInbound>} says. */
@Component(configurationPid = InboundSettings.ELEMENT, configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true,
        service = InboundIdentity.class, property = {"osgi.jndi.service.name=" + InboundIdentity.JNDI_NAME, "service.vendor=Agent Runtime"})
public final class InboundRoom implements InboundIdentity {

    private static final Logger LOG = Logger.getLogger(InboundRoom.class.getName());
    private static final Metatype METATYPE = Metatype.of(InboundRoom.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Fetch fetch = new Fetch("agent-runtime-issuers", PATIENCE, (SSLSocketFactory) SSLSocketFactory.getDefault(),
            "addresses of the <customJwtAuthorizer>");
    private final Inbound inbound;
    /** Those there are now; Liberty puts another list here when one comes or goes. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private volatile List<RuntimeAuthorizers> rooms = List.of();
    private volatile InboundSettings settings;
    private volatile boolean open = true;

    /** Opens it. */
    @Activate
    public InboundRoom(@Reference KeyRing keys, @Reference Entrances entrances, Map<String, Object> properties) {
        settings = read(properties);
        inbound = new Inbound(keys::find, new Openings(entrances::of, () -> rooms, () -> settings.issuerAddresses()), () -> settings,
                entrances::tenantClaim, fetch, Clock.systemUTC());
    }

    @Modified
    void modified(Map<String, Object> properties) {
        settings = read(properties);
    }

    @Deactivate
    void deactivate() {
        open = false;
        fetch.close();
    }

    private static InboundSettings read(Map<String, Object> properties) {
        Attributes own = Attributes.of(InboundSettings.ELEMENT, properties);
        InboundSettings read = InboundSettings.read(own);
        METATYPE.check(own, InboundSettings.ELEMENT);
        own.problems().forEach(problem -> InboundMessage.CONFIG_PROBLEM.log(LOG, problem));
        InboundMessage.CONFIG.log(LOG, read.text());
        return read;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public InboundVerdict judge(InboundRequest request) {
        return inbound.judge(request);
    }

    @Override
    public Optional<TokensTaken> tokens(String runtime, String qualifier) {
        return inbound.tokens(runtime, qualifier);
    }
}
