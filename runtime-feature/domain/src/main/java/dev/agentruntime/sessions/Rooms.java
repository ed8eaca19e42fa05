package dev.agentruntime.sessions;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.Subject;
import dev.agentruntime.sessions.SessionState.Identity;
import dev.agentruntime.spi.GuestStreams;
import dev.agentruntime.spi.OutboundName;
import dev.agentruntime.spi.SessionFacts;
import dev.agentruntime.spi.SessionGuest;
import dev.agentruntime.spi.SessionPart;
import dev.agentruntime.spi.SessionRoom;
import dev.agentruntime.spi.SessionStart;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.spi.VmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.logging.Logger;

/** What other rooms do for sessions, from before a session's VM begins until its end. Blocks as long as a room does. */
final class Rooms {

    private static final Logger LOG = Logger.getLogger(Rooms.class.getName());

    /** What one room does for a session. */
    private record Joined(String room, SessionPart part) {}

    private final Supplier<List<SessionRoom>> present;
    private final Times times;
    private final Listeners listeners;
    private final Map<String, List<Joined>> joined = new ConcurrentHashMap<>();

    /** @param present the rooms there are now */
    Rooms(Supplier<List<SessionRoom>> present, Times times, Listeners listeners) {
        this.present = present;
        this.times = times;
        this.listeners = listeners;
    }

    /**
     * Asks every room whether a session may begin.
     *
     * @param owner who would own it; empty where that is not known yet
     * @throws RequestException it may not
     */
    void admit(String runtime, Optional<Subject> owner) {
        present.get().forEach(room -> room.admit(runtime, owner));
    }

    /** Has every room take part in a session, once. A session's orders come in turn, so nobody else does so meanwhile. */
    void join(SessionActor session, String version) {
        if (!joined.containsKey(session.rowId())) {
            joined.put(session.rowId(), joinedBy(session.state().identity(), version));
        }
    }

    private List<Joined> joinedBy(Identity session, String version) {
        SessionFacts facts = new SessionFacts(
                session.key().sessionId(), session.key().runtime(), version, session.owner(), session.tenant());
        List<Joined> all = new ArrayList<>();
        for (SessionRoom room : present.get().stream().sorted(Comparator.comparing(SessionRoom::name)).toList()) {
            try {
                Joined one = new Joined(room.name(), room.join(facts));
                all.add(one);
                one.part().onConnection(connection -> listeners.tell(listener -> listener.outboundEnded(facts.runtime(), connection)));
                one.part().onBudget(news -> listeners.tell(listener -> listener.budget(facts.runtime(), news)));
            } catch (RuntimeException | Error e) {
                all.forEach(before -> close(session.key(), before));
                throw new VmException("The room " + room.name() + " cannot take part in the session: " + e.getMessage(), e);
            }
        }
        return List.copyOf(all);
    }

    /** Takes the streams of {@code vm} from now on, and returns what its guest is given. */
    SessionStart open(SessionActor session, Vm vm) {
        List<Joined> rooms = joined.getOrDefault(session.rowId(), List.of());
        takeStreams(rooms, vm);
        Map<String, String> environment = new LinkedHashMap<>(
                session.state().lease().map(lease -> lease.terms().environment()).orElse(Map.of()));
        List<OutboundName> outbounds = new ArrayList<>();
        for (Joined room : rooms) {
            environment.putAll(room.part().environment());
            outbounds.addAll(room.part().outbounds());
        }
        return new SessionStart(session.key().sessionId(), environment, outbounds);
    }

    private static GuestStreams receiver(List<Joined> rooms) {
        return (target, stream) -> {
            Optional<SessionPart> taker = rooms.stream().map(Joined::part).filter(part -> part.takes(target)).findFirst();
            taker.ifPresentOrElse(part -> part.opened(target, stream), stream::close);
        };
    }

    /** A guest that an earlier run of the server has begun goes on: its streams are taken again. What fails keeps no other room from its turn. */
    void resume(SessionActor session, Vm vm) {
        List<Joined> rooms = joined.getOrDefault(session.rowId(), List.of());
        takeStreams(rooms, vm);
        SessionGuest guest = new CurrentGuest(session, vm, times);
        rooms.forEach(room -> tell(session.key(), room, "taking up", () -> room.part().resumed(guest)));
    }

    private static void takeStreams(List<Joined> rooms, Vm vm) {
        if (rooms.stream().anyMatch(room -> room.part().takesStreams())) {
            vm.onStream(receiver(rooms));
        }
    }

    /** The guest of {@code vm} has begun the session. What fails keeps no other room from its turn. */
    void begun(SessionActor session, Vm vm) {
        SessionGuest guest = new CurrentGuest(session, vm, times);
        joined.getOrDefault(session.rowId(), List.of())
                .forEach(room -> tell(session.key(), room, "taking up", () -> room.part().begun(guest)));
    }

    /** The session goes on in the VM that it holds now. What fails keeps no other room from its turn. */
    void moved(SessionActor session) {
        joined.getOrDefault(session.rowId(), List.of()).forEach(room -> tell(session.key(), room, "going on with", () -> room.part().moved()));
    }

    /** Whether the session's guest waits for an answer from outside. */
    boolean wait(SessionActor session) {
        return joined.getOrDefault(session.rowId(), List.of()).stream().anyMatch(room -> waits(session.key(), room));
    }

    private static boolean waits(SessionKey session, Joined room) {
        try {
            return room.part().waits();
        } catch (RuntimeException | Error e) {
            failed("asking about", session, room, e);
            return false;
        }
    }

    /** The session has ended, or is left to the next run of the server. What fails keeps no other room from its turn. */
    void leave(SessionActor session) {
        List<Joined> rooms = Optional.ofNullable(joined.remove(session.rowId())).orElse(List.of());
        if (session.life() instanceof Ending ending) {
            rooms.forEach(room -> tell(session.key(), room, "coming to the end of",
                    () -> room.part().ending(ending.reason().code(), ending.reason().sentence())));
        } else if (session.life() instanceof Left) {
            rooms.forEach(room -> tell(session.key(), room, "leaving alone", room.part()::leaving));
        }
        rooms.forEach(room -> close(session.key(), room));
    }

    private static void close(SessionKey session, Joined room) {
        tell(session, room, "leaving", room.part()::close);
    }

    private static void tell(SessionKey session, Joined room, String what, Runnable news) {
        try {
            news.run();
        } catch (RuntimeException | Error e) {
            failed(what, session, room, e);
        }
    }

    private static void failed(String what, SessionKey session, Joined room, Throwable failure) {
        SessionMessage.UNEXPECTED.log(LOG, failure, what + " session " + session + " in the room " + room.room(), failure.toString());
    }
}
