package dev.agentruntime.supervisor;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A name that leads out of the guest, and the port on which it is listened to. */
record Outbound(String name, int port) {
    private static final Pattern FORM = Pattern.compile("([a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?):([0-9]{1,5})");
    private static final int LARGEST_PORT = 65_535;

    /** @throws GuestException the list is malformed */
    static List<Outbound> list(String text) {
        List<Outbound> all = new ArrayList<>();
        for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            Matcher matcher = FORM.matcher(part);
            int port = matcher.matches() ? Integer.parseInt(matcher.group(2)) : 0;
            if (port < 1 || port > LARGEST_PORT) {
                throw new GuestException("The field outbounds has '" + part + "', which is no NAME:PORT.");
            }
            all.add(new Outbound(matcher.group(1), port));
        }
        return all;
    }

    /** As the agent names it. */
    String host() {
        return name + ".outbound";
    }
}
