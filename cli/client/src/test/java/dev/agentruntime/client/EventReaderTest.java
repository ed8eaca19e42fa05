package dev.agentruntime.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventReaderTest {

    private static List<ServerEvent> read(String text) {
        List<ServerEvent> events = new ArrayList<>();
        try (EventReader reader = new EventReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))) {
            for (Optional<ServerEvent> next = reader.next(); next.isPresent(); next = reader.next()) {
                events.add(next.get());
            }
        }
        return events;
    }

    @Test
    void anEventHasItsDataItsKindAndItsId() {
        assertThat(read("id: 7\nevent: token\ndata: {\"a\":1}\n\ndata:b\n\n"))
                .containsExactly(new ServerEvent("7", "token", "{\"a\":1}"), new ServerEvent("", "message", "b"));
    }

    @Test
    void linesOfOneEventAreJoinedAndOneSpaceIsLeftOut() {
        assertThat(read("data: a\ndata:  b\ndata\n\n")).containsExactly(new ServerEvent("", "message", "a\n b\n"));
    }

    @Test
    void linesEndAsTheyLike() {
        assertThat(read("data: a\r\n\r\ndata: b\r\rdata: c\n\n")).extracting(ServerEvent::data).containsExactly("a", "b", "c");
    }

    @Test
    void commentsUnknownFieldsAndEventsWithoutDataArePassedOver() {
        assertThat(read(": hello\n\nretry: 5\n\nevent: x\n\ndata: a\n\n")).containsExactly(new ServerEvent("", "message", "a"));
    }

    @Test
    void aMarkAtTheBeginningIsNoPartOfAField() {
        assertThat(read("\uFEFFdata: a\n\n")).extracting(ServerEvent::data).containsExactly("a");
    }

    @Test
    void whatEndsInTheMiddleIsNoEvent() {
        assertThat(read("data: a\n\ndata: b\n")).extracting(ServerEvent::data).containsExactly("a");
    }

    @Test
    void charactersOfMoreThanOneByteStayWhole() {
        assertThat(read("data: äöü \uD83D\uDE00\n\n")).extracting(ServerEvent::data).containsExactly("äöü \uD83D\uDE00");
    }

    @Test
    void anEndlessLineIsNotKept() {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'a';
            }
        };
        try (EventReader reader = new EventReader(endless)) {
            assertThatThrownBy(reader::next).isInstanceOf(BrokenOffException.class).hasMessageContaining("longer than");
        }
    }

    @Test
    void aBreakIsNoEnd() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("reset");
            }
        };
        try (EventReader reader = new EventReader(broken)) {
            assertThatThrownBy(reader::next).isInstanceOf(BrokenOffException.class).hasMessage("The stream broke off: reset");
        }
    }
}
