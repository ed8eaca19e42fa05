package dev.agentruntime.egress;

import dev.agentruntime.config.Attributes;
import dev.agentruntime.net.Host;
import dev.agentruntime.net.Texts;
import java.util.List;
import java.util.Optional;

/**
 * The proxy through which the host itself goes out.
 *
 * @param user   and password, by Basic authentication
 * @param direct hosts that are reached without it
 */
record CompanyProxy(Destination destination, Optional<Login> user, List<HostPattern> direct) {

    /** Its password is in no text. */
    record Login(String name, String password) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Optional<CompanyProxy> read(Attributes own) {
        String proxy = own.text("proxy", "");
        if (proxy.isEmpty()) {
            return Optional.empty();
        }
        try {
            Optional<Login> login = Optional.of(own.text("proxyUser", "")).filter(name -> !name.isEmpty())
                    .map(name -> new Login(name, own.secret("proxyPassword").map(Secrets::decoded).orElse("")));
            List<HostPattern> direct = Texts.list(own.text("proxyExcept", "")).stream().map(HostPattern::parse).toList();
            return Optional.of(new CompanyProxy(Destination.parse(proxy, Optional.empty()), login, direct));
        } catch (IllegalArgumentException e) {
            own.problem("The attributes proxy and proxyExcept of <" + EgressSettings.ELEMENT + "> cannot be used: " + e.getMessage()
                    + ". Nothing leaves a guest before they are corrected: write proxy=\"HOST:PORT\".");
            return Optional.of(new CompanyProxy(new Destination(new Host.Name("proxy.invalid"), 1), Optional.empty(), List.of()));
        }
    }

    boolean isFor(Host host) {
        return direct.stream().noneMatch(pattern -> pattern.matches(host));
    }
}
