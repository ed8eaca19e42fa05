package dev.agentruntime.egress;

import dev.agentruntime.config.Attributes;
import dev.agentruntime.spi.GuestService;
import dev.agentruntime.spi.OutboundCredentials;
import dev.agentruntime.spi.SessionFacts;
import dev.agentruntime.spi.SessionPart;
import dev.agentruntime.spi.SessionRoom;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.logging.Logger;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** The way out as a room of the platform, as {@code <agentRuntimeEgress>} says. */
@Component(configurationPid = EgressSettings.ELEMENT, configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true,
        service = SessionRoom.class, property = "service.vendor=Agent Runtime")
public final class EgressRoom implements SessionRoom {

    private static final Logger LOG = Logger.getLogger(EgressRoom.class.getName());

    private final ExecutorService log = Threads.few("agent-runtime-egress-log", 1);
    private final Egress egress;
    /** Those there are now; Liberty puts another list here when one comes or goes. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private volatile List<GuestService> services = List.of();
    /** Liberty puts it here where there is a room of identities, and nothing while there is none. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile OutboundCredentials credentials;

    /** Opens the way out. */
    @Activate
    public EgressRoom(@Reference RuleBook rules, @Reference ConnectionShelf shelf, Map<String, Object> properties) {
        this.egress = new Egress(read(properties), rules::of, InetAddress::getAllByName, Tls::ofLiberty, shelf,
                new RefusalLog(System::nanoTime, log), () -> services, () -> Optional.ofNullable(credentials));
    }

    @Modified
    void modified(Map<String, Object> properties) {
        egress.update(read(properties));
    }

    /** Every stream of every session is closed. */
    @Deactivate
    void deactivate() {
        egress.close();
        log.shutdown();
    }

    private static EgressSettings read(Map<String, Object> properties) {
        Attributes own = Attributes.of(EgressSettings.ELEMENT, properties);
        EgressSettings settings = EgressSettings.read(own);
        own.problems().forEach(problem -> EgressMessage.CONFIG_PROBLEM.log(LOG, problem));
        EgressMessage.CONFIG.log(LOG, settings.text());
        return settings;
    }

    @Override
    public String name() {
        return "egress";
    }

    @Override
    public SessionPart join(SessionFacts session) {
        return egress.join(session);
    }
}
