package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.Subject;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class StalledUploadsTest {

    private final StalledUploads stalled = new StalledUploads(5, 3);
    private final StalledUploads.OfSubject alice = stalled.of(new Subject("https://idp.test", "alice"));
    private final StalledUploads.OfSubject bob = stalled.of(new Subject("https://idp.test", "bob"));

    @Test
    void oneSubjectCannotTakeThePlacesOfOthers() {
        begin(alice, 3);
        refused(alice::begin, "3 requests of this caller");
        begin(bob, 2);
        assertThat(stalled.count()).isEqualTo(5);
    }

    @Test
    void togetherTheyHaveNoMoreThanThereIs() {
        begin(alice, 3);
        begin(bob, 2);
        refused(bob::begin, "5 requests of all callers");
        assertThat(stalled.count()).isEqualTo(5);
    }

    @Test
    void aRefusalTakesNoPlace() {
        begin(alice, 3);
        for (int i = 0; i < 10; i++) {
            refused(alice::begin, "3 requests");
        }
        begin(bob, 2);
        for (int i = 0; i < 10; i++) {
            refused(bob::begin, "5 requests");
        }
        for (int i = 0; i < 3; i++) {
            alice.end();
        }
        begin(bob, 1);
        assertThat(stalled.count()).isEqualTo(3);
    }

    @Test
    void aPlaceThatIsLeftIsForWhoeverHasAShareOfIt() {
        begin(alice, 3);
        begin(bob, 2);
        alice.end();
        bob.begin();
        refused(bob::begin, "3 requests of this caller");
    }

    @Test
    void oneSubjectHasAQuarterOfThePlacesOfAServer() {
        StalledUploads usual = new StalledUploads();
        StalledUploads.OfSubject one = usual.of(new Subject("https://idp.test", "alice"));
        begin(one, StalledUploads.MOST_OF_ONE);
        refused(one::begin, "256 requests of this caller");
        assertThat(StalledUploads.MOST).isEqualTo(4 * StalledUploads.MOST_OF_ONE);
    }

    private static void begin(StalledUploads.OfSubject uploads, int times) {
        for (int i = 0; i < times; i++) {
            uploads.begin();
        }
    }

    private static void refused(ThrowingCallable begin, String bound) {
        assertThatThrownBy(begin).hasMessageContaining(bound).isInstanceOfSatisfying(RequestException.class,
                refused -> assertThat(refused.kind()).isEqualTo(Kind.THROTTLED));
    }
}
