package ${package};

import java.time.Clock;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** A tool: tells what time it is somewhere. A model would be told of it; this agent calls it itself. */
public class WorldClock {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm");

    private final Clock clock;

    public WorldClock(Clock clock) {
        this.clock = clock;
    }

    /** @throws IllegalArgumentException there is no such zone */
    public String timeIn(String zone) {
        try {
            return ZonedDateTime.now(clock.withZone(ZoneId.of(zone))).format(TIME);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("There is no time zone " + zone, e);
        }
    }
}
