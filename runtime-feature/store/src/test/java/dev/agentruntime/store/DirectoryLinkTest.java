package dev.agentruntime.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.spi.fake.ManualClock;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class DirectoryLinkTest {

    private final LogTail log = new LogTail();
    private final ManualClock clock = new ManualClock(Records.NOON);
    private final DirectoryLink link = new DirectoryLink(clock);

    @AfterEach
    void end() {
        log.close();
    }

    @Test
    void anOutageIsToldOnceAndSoIsItsEnd() {
        for (int i = 0; i < 5; i++) {
            link.failed(new SQLException("Connection refused."));
            clock.advance(Duration.ofMinutes(2));
        }
        assertThat(link.isUp()).isFalse();
        link.worked();
        link.worked();
        assertThat(link.isUp()).isTrue();
        assertThat(log.of(StoreMessage.DIRECTORY_DOWN)).singleElement().asString().contains("Connection refused.");
        assertThat(log.of(StoreMessage.DIRECTORY_UP)).hasSize(1);
    }

    @Test
    void aDatabaseThatAnswersSomeAndNotOthersDoesNotFillTheLog() {
        for (int i = 0; i < 600; i++) {
            link.failed(new SQLException("Too slow."));
            link.worked();
            clock.advance(Duration.ofMillis(200));
        }
        assertThat(log.of(StoreMessage.DIRECTORY_DOWN)).hasSize(2);
        assertThat(log.of(StoreMessage.DIRECTORY_UP)).hasSize(2);
    }

    @Test
    void anOutageThatBeginsRightAfterAnotherIsToldWhileItLasts() {
        link.failed(new SQLException("One."));
        link.worked();
        link.failed(new SQLException("Two."));
        clock.advance(Duration.ofMinutes(1));
        link.failed(new SQLException("Three."));
        assertThat(log.of(StoreMessage.DIRECTORY_DOWN)).hasSize(2).last().asString().contains("Three.");
    }

    @Test
    void aDataSourceThatIsBoundLaterIsNoOutage() {
        NotBoundException notYet = new NotBoundException("There is no data source jdbc/agents.", new SQLException());
        for (int second = 0; second < 59; second++) {
            assertThat(link.failed(notYet)).hasMessage("The database of session ids is not there yet.");
            clock.advance(Duration.ofSeconds(1));
        }
        link.worked();
        assertThat(log.of(StoreMessage.DIRECTORY_DOWN)).isEmpty();
        assertThat(log.of(StoreMessage.DIRECTORY_UP)).isEmpty();
    }

    @Test
    void aDataSourceThatIsNotBoundForAMinuteIsTold() {
        for (int second = 0; second <= 60; second++) {
            link.failed(new NotBoundException("There is no data source jdbc/agents.", new SQLException()));
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(log.of(StoreMessage.DIRECTORY_DOWN)).singleElement().asString().contains("jdbc/agents");
    }

    @Test
    void callersAreNotToldWhatTheDatabaseSaid() {
        assertThat(link.failed(new SQLException("password authentication failed for user agents")))
                .hasMessage("The database of session ids does not answer.");
    }
}
