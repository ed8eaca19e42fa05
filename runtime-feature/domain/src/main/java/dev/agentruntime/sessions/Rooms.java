package dev.agentruntime.sessions;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.Subject;
import dev.agentruntime.sessions.Company.Joined;
import dev.agentruntime.sessions.SessionState.Held;
import dev.agentruntime.sessions.SessionState.Identity;
import dev.agentruntime.spi.GuestStreams;
import dev.agentruntime.spi.InvocationUse;
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
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.logging.Logger;

/** What other rooms do for sessions, from before a session's VM begins until its end. Blocks as long as a room does. */
final class Rooms {

    private static final Logger LOG = Logger.getLogger(Rooms.class.getName());

    private final Supplier<List<SessionRoom>> present;
    private final Times times;
    private final Listeners listeners;
    private final Map<String, Company> companies = new ConcurrentHashMap<>();

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
        if (!companies.containsKey(session.rowId())) {
            companies.put(session.rowId(), new Company(joinedBy(facts(session.state().identity(), version))));
        }
    }

    private static SessionFacts facts(Identity session, String version) {
        return new SessionFacts(session.key().sessionId(), session.key().runtime(), version, session.owner(), session.tenant(), session.createdAt());
    }

    private List<Joined> joinedBy(SessionFacts session) {
        List<Joined> all = new ArrayList<>();
        for (SessionRoom room : inOrder()) {
            try {
                all.add(joinedBy(session, room));
            } catch (RuntimeException | Error e) {
                all.forEach(before -> close(key(session), before));
                throw cannot(room, e);
            }
        }
        return all;
    }

    /** Those there are now, by name. */
    List<SessionRoom> inOrder() {
        return present.get().stream().sorted(Comparator.comparing(SessionRoom::name)).toList();
    }

    private Joined joinedBy(SessionFacts session, SessionRoom room) {
        Joined one = new Joined(room.name(), room.join(session));
        try {
            one.part().onConnection(connection -> listeners.tell(listener -> listener.outboundEnded(session.runtime(), connection)));
            one.part().onBudget(news -> listeners.tell(listener -> listener.budget(session.runtime(), news)));
            return one;
        } catch (RuntimeException | Error e) {
            close(key(session), one);
            throw e;
        }
    }

    private static VmException cannot(SessionRoom room, Throwable why) {
        return new VmException("The room " + room.name() + " cannot take part in the session: " + why.getMessage(), why);
    }

    private static SessionKey key(SessionFacts session) {
        return new SessionKey(session.runtime(), session.sessionId());
    }

    private List<Joined> members(SessionActor session) {
        return Optional.ofNullable(companies.get(session.rowId())).map(Company::members).orElse(List.of());
    }

    /**
     * Has those rooms take part that have come since the session began, or since this run goes on with it: the server starts its parts in
     * any order. Does not block: a room may do so, on one of {@code threads}.
     *
     * @param there those there are now, by name: each session is asked about them every second
     */
    void welcome(SessionActor session, List<SessionRoom> there, Executor threads) {
        Optional<Held> held = session.state().held();
        Company company = companies.get(session.rowId());
        if (company == null || held.isEmpty() || session.life().isOver() || session.state().saved().isPresent()) {
            return;
        }
        for (SessionRoom room : there) {
            if (company.lacks(room.name())) {
                welcome(session, held.get(), company, room, threads);
            }
        }
    }

    private void welcome(SessionActor session, Held held, Company company, SessionRoom room, Executor threads) {
        try {
            threads.execute(() -> welcome(session, held, company, room));
        } catch (RuntimeException | Error noThread) {
            company.stillLacks(room.name());
            throw noThread;
        }
    }

    private void welcome(SessionActor session, Held held, Company company, SessionRoom room) {
        try {
            Joined one = joinedBy(facts(session.state().identity(), held.digest()), room);
            if (!company.add(one, () -> takeUp(session, held.vm(), company, one))) {
                close(session.key(), one);
            }
        } catch (RuntimeException | Error e) {
            failed("joining", session.key(), room.name(), e);
            if (company.goesOn()) { // as it would be ended had the room been there at once
                session.end(EndReason.cannotGoOn(cannot(room, e).getMessage()));
            }
        }
    }

    private void takeUp(SessionActor session, Vm vm, Company company, Joined one) {
        if (one.part().takesStreams()) {
            vm.onStream(receiver(company));
        }
        tell(session.key(), one, "taking up", () -> one.part().resumed(new ReachedGuest(session, vm, times)));
    }

    /** Takes the streams of {@code vm} from now on, and returns what its guest is given. */
    SessionStart open(SessionActor session, Vm vm) {
        List<Joined> rooms = members(session);
        takeStreams(session, vm);
        Map<String, String> environment = new LinkedHashMap<>(
                session.state().lease().map(lease -> lease.terms().environment()).orElse(Map.of()));
        List<OutboundName> outbounds = new ArrayList<>();
        for (Joined room : rooms) {
            environment.putAll(room.part().environment());
            outbounds.addAll(room.part().outbounds());
        }
        return new SessionStart(session.key().sessionId(), environment, outbounds);
    }

    private static GuestStreams receiver(Company company) {
        return (target, stream) -> {
            Optional<SessionPart> taker = company.members().stream().map(Joined::part).filter(part -> part.takes(target)).findFirst();
            taker.ifPresentOrElse(part -> part.opened(target, stream), stream::close);
        };
    }

    /** A guest that an earlier run of the server has begun goes on: its streams are taken again. What fails keeps no other room from its turn. */
    void resume(SessionActor session, Vm vm) {
        takeStreams(session, vm);
        SessionGuest guest = new ReachedGuest(session, vm, times);
        members(session).forEach(room -> tell(session.key(), room, "taking up", () -> room.part().resumed(guest)));
        reached(session, Company.Stage.GOING_ON);
    }

    private void takeStreams(SessionActor session, Vm vm) {
        if (members(session).stream().anyMatch(room -> room.part().takesStreams())) {
            vm.onStream(receiver(companies.get(session.rowId())));
        }
    }

    private void reached(SessionActor session, Company.Stage how) {
        Optional.ofNullable(companies.get(session.rowId())).ifPresent(company -> company.reached(how));
    }

    /** The guest of {@code vm} has begun the session. What fails keeps no other room from its turn. */
    void begun(SessionActor session, Vm vm) {
        SessionGuest guest = new ReachedGuest(session, vm, times);
        members(session).forEach(room -> tell(session.key(), room, "taking up", () -> room.part().begun(guest)));
        reached(session, Company.Stage.BEGUN);
    }

    /** The session goes on in {@code vm}, which it holds now. What fails keeps no other room from its turn. */
    void moved(SessionActor session, Vm vm) {
        if (Optional.ofNullable(companies.get(session.rowId())).filter(Company::knowsNoGuest).isPresent()) {
            resume(session, vm);
            return;
        }
        members(session).forEach(room -> tell(session.key(), room, "going on with", () -> room.part().moved()));
    }

    /** Whether somebody wants to know what each invocation uses. */
    boolean countInvocations(SessionActor session) {
        return members(session).stream().anyMatch(room -> counts(session.key(), room));
    }

    private static boolean counts(SessionKey session, Joined room) {
        try {
            return room.part().countsInvocations();
        } catch (RuntimeException | Error e) {
            failed("asking about", session, room.room(), e);
            return false;
        }
    }

    /** An invocation has ended. What fails keeps no other room from its turn. */
    void invoked(SessionActor session, InvocationUse use) {
        members(session).forEach(room -> tell(session.key(), room, "telling of an invocation of", () -> room.part().invoked(use)));
    }

    /** Whether the session's guest waits for an answer from outside. */
    boolean wait(SessionActor session) {
        return members(session).stream().anyMatch(room -> waits(session.key(), room));
    }

    private static boolean waits(SessionKey session, Joined room) {
        try {
            return room.part().waits();
        } catch (RuntimeException | Error e) {
            failed("asking about", session, room.room(), e);
            return false;
        }
    }

    /** The session has ended, or is left to the next run of the server. What fails keeps no other room from its turn. */
    void leave(SessionActor session) {
        List<Joined> rooms = Optional.ofNullable(companies.remove(session.rowId())).map(Company::leave).orElse(List.of());
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
            failed(what, session, room.room(), e);
        }
    }

    private static void failed(String what, SessionKey session, String room, Throwable failure) {
        SessionMessage.UNEXPECTED.log(LOG, failure, what + " session " + session + " in the room " + room, failure.toString());
    }
}
