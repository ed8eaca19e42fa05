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

    private static final String PROXY = "proxy";

    /** Its password is in no text. */
    record Login(String name, String password) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Optional<CompanyProxy> read(Attributes own) {
        String proxy = own.text(PROXY, "");
        boolean mistyped = own.isMistyped(PROXY);
        if (proxy.isEmpty() && !mistyped) {
            return Optional.empty();
        }
        try {
            if (mistyped) {
                throw new IllegalArgumentException("one of them seems to be mistyped");
            }
            Destination destination = Destination.parse(proxy, Optional.empty());
            Optional<Login> login = login(own);
            List<HostPattern> direct = Texts.list(own.text("proxyExcept", "")).stream().map(HostPattern::parse).toList();
            return Optional.of(new CompanyProxy(destination, login, direct));
        } catch (IllegalArgumentException e) {
            own.problem("The attributes proxy, proxyUser, proxyPassword and proxyExcept of <" + EgressSettings.ELEMENT + "> cannot be used: " + e.getMessage()
                    + ". Nothing leaves a guest before they are corrected; proxy is written as HOST:PORT.");
            return Optional.of(new CompanyProxy(new Destination(new Host.Name("proxy.invalid"), 1), Optional.empty(), List.of()));
        }
    }

    private static Optional<Login> login(Attributes own) {
        String name = own.text("proxyUser", "");
        Optional<String> password = own.secret("proxyPassword").map(Secrets::decoded);
        if (name.isEmpty() && password.isPresent()) {
            own.problem("The attribute proxyPassword of <" + EgressSettings.ELEMENT + "> counts with proxyUser only. The host signs in as nobody: write"
                    + " proxyUser too, or leave proxyPassword out.");
        }
        if (name.indexOf(':') >= 0) {
            throw new IllegalArgumentException("proxyUser has a ':', which ends a name in Basic authentication");
        }
        return Optional.of(name).filter(text -> !text.isEmpty()).map(text -> new Login(text, password.orElse("")));
    }

    boolean isFor(Host host) {
        return direct.stream().noneMatch(pattern -> pattern.matches(host));
    }
}
