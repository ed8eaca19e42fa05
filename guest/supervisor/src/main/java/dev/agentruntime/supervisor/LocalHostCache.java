package dev.agentruntime.supervisor;

import java.lang.reflect.Field;
import java.net.InetAddress;
import java.util.Map;

/** The JDK's memory of this machine's name and address, which is wrong once the host name has changed. */
final class LocalHostCache {
    private LocalHostCache() {
    }

    /** Forgets them. Needs java.net to be open. */
    static void clear() {
        try {
            Field local = InetAddress.class.getDeclaredField("cachedLocalHost");
            local.setAccessible(true);
            local.set(null, null);
            Field cache = InetAddress.class.getDeclaredField("cache");
            cache.setAccessible(true);
            ((Map<?, ?>) cache.get(null)).clear();
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new GuestException("The cached name of the template's host could not be dropped: " + e, e);
        }
    }
}
