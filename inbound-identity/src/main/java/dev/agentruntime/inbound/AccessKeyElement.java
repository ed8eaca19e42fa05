package dev.agentruntime.inbound;

import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Metatype;
import java.util.Map;
import java.util.logging.Logger;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;

/** One {@code <accessKey>} beside {@code <agentRuntime>}. */
@Component(configurationPid = "accessKey", configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true, service = {})
public final class AccessKeyElement {

    private static final Logger LOG = Logger.getLogger(AccessKeyElement.class.getName());
    private static final Metatype METATYPE = Metatype.of(AccessKeyElement.class);

    private final KeyRing ring;
    private final String pid;

    /** Puts the key on the ring. */
    @Activate
    public AccessKeyElement(@Reference KeyRing ring, Map<String, Object> properties) {
        this.ring = ring;
        this.pid = String.valueOf(properties.get("service.pid"));
        modified(properties);
    }

    @Modified
    void modified(Map<String, Object> properties) {
        Attributes element = Attributes.of("accessKey", properties);
        AccessKeyReader.read(element).ifPresentOrElse(key -> ring.put(pid, key), () -> ring.remove(pid));
        METATYPE.check(element, "accessKey");
        element.problems().forEach(problem -> InboundMessage.CONFIG_PROBLEM.log(LOG, problem));
    }

    @Deactivate
    void deactivate() {
        ring.remove(pid);
    }
}
