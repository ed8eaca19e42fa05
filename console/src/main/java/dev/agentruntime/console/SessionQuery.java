package dev.agentruntime.console;

import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.SessionView.Status;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which sessions are to be listed, as the address of the page says, so that it can be kept and handed on.
 *
 * @param agent of it only
 * @param state in it only; sessions that have ended are listed only where they are asked for
 * @param user  whose name has this in it
 * @param sort  by what
 * @param page  from 1 on
 */
record SessionQuery(Optional<String> agent, Optional<Status> state, Optional<String> user, Sort sort, int page) {

    static final int PAGE = 50;
    private static final int LAST = 1000;

    /** In which order. */
    enum Sort {
        NEWEST(Comparator.comparing(SessionView::createdAt).reversed(), "newest first"),
        OLDEST(Comparator.comparing(SessionView::createdAt), "oldest first"),
        CPU(Comparator.<SessionView>comparingLong(session -> session.usage().cpuNanos()).reversed(), "most CPU first"),
        MEMORY(Comparator.<SessionView, BigDecimal>comparing(session -> session.usage().memoryByteSeconds()).reversed(), "most memory first"),
        REST(Comparator.comparing(SessionView::lastActivityAt), "longest at rest first");

        private final Comparator<SessionView> order;
        private final String title;

        Sort(Comparator<SessionView> order, String title) {
            this.order = order;
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    /** What is no proper value counts as not there. */
    static SessionQuery of(Fields query) {
        return new SessionQuery(query.first("agent"), query.first("state").flatMap(text -> word(Status.values(), text)), query.first("user"),
                query.first("sort").flatMap(text -> word(Sort.values(), text)).orElse(Sort.NEWEST),
                query.first("page").filter(text -> text.matches("[1-9][0-9]{0,3}")).map(Integer::parseInt).filter(page -> page <= LAST).orElse(1));
    }

    private static <T extends Enum<T>> Optional<T> word(T[] values, String text) {
        return Arrays.stream(values).filter(value -> value.name().equals(text.toUpperCase(Locale.ROOT))).findFirst();
    }

    boolean takes(SessionView session) {
        return state.map(session.status()::equals).orElse(session.status() != Status.TERMINATED)
                && agent.filter(name -> !name.equals(session.runtime())).isEmpty()
                && user.filter(part -> !session.subject().name().toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT))).isEmpty();
    }

    List<SessionView> sorted(List<SessionView> sessions) {
        return sessions.stream().filter(this::takes).sorted(sort.order.thenComparing(SessionView::sessionId)).toList();
    }

    /** Of those that were sorted. */
    List<SessionView> onPage(List<SessionView> sorted) {
        return sorted.stream().skip((page - 1L) * PAGE).limit(PAGE).toList();
    }

    /** The same, another page: what follows the question mark. */
    String address(int another) {
        StringBuilder text = new StringBuilder(Fields.encoded("sort", Words.of(sort)));
        agent.ifPresent(name -> text.append('&').append(Fields.encoded("agent", name)));
        state.ifPresent(one -> text.append('&').append(Fields.encoded("state", Words.of(one))));
        user.ifPresent(part -> text.append('&').append(Fields.encoded("user", part)));
        return text.append('&').append(Fields.encoded("page", Integer.toString(another))).toString();
    }
}
