package dev.agentruntime.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.EndCode;
import dev.agentruntime.api.GuestStream;
import dev.agentruntime.api.OutboundConnection;
import dev.agentruntime.api.PingStatus;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.Target;
import dev.agentruntime.spi.OutboundName;
import dev.agentruntime.spi.SessionFacts;
import dev.agentruntime.spi.SessionGuest;
import dev.agentruntime.spi.SessionPart;
import dev.agentruntime.spi.SessionRoom;
import dev.agentruntime.spi.SessionStart;
import dev.agentruntime.spi.VmException;
import dev.agentruntime.spi.fake.FakeDriver;
import dev.agentruntime.spi.fake.FakeVm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Rooms that take part in sessions. */
final class RoomsTest extends PlatformTestBase {

    /** Gives one variable and one name, and keeps what it gets. */
    private static final class Room implements SessionRoom {

        private final String name;
        private final List<SessionFacts> sessions = new CopyOnWriteArrayList<>();
        private final List<Target> targets = new CopyOnWriteArrayList<>();
        private final List<SessionGuest> guests = new CopyOnWriteArrayList<>();
        private final List<String> ends = new CopyOnWriteArrayList<>();
        private final List<String> ended = new CopyOnWriteArrayList<>();
        private final List<Consumer<OutboundConnection>> told = new CopyOnWriteArrayList<>();
        private volatile boolean waits;

        Room(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public SessionPart join(SessionFacts session) {
            sessions.add(session);
            return new SessionPart() {
                @Override
                public Map<String, String> environment() {
                    return Map.of("SHARED", name, "OF_" + name, session.runtime());
                }

                @Override
                public List<OutboundName> outbounds() {
                    return List.of(new OutboundName(name, 80));
                }

                @Override
                public boolean takes(Target target) {
                    return target.name().equals("outbound/" + name);
                }

                @Override
                public void opened(Target target, GuestStream stream) {
                    targets.add(target);
                }

                @Override
                public void onConnection(Consumer<OutboundConnection> whom) {
                    told.add(whom);
                }

                @Override
                public boolean waits() {
                    return waits;
                }

                @Override
                public void begun(SessionGuest guest) {
                    guests.add(guest);
                }

                @Override
                public void ending(EndCode code, String why) {
                    ends.add(code + " " + why + " " + lastGuest().logTail(1));
                }

                @Override
                public void close() {
                    ended.add(session.sessionId());
                }
            };
        }

        private SessionGuest lastGuest() {
            return guests.get(guests.size() - 1);
        }
    }

    private final Room one = new Room("one");
    private final Room two = new Room("two");

    private void startWith(SessionRoom... rooms) {
        startReady(() -> List.of(rooms));
    }

    @Test
    void aSessionBeginsWithWhatEachRoomGives() {
        startWith(two, one);
        SessionStart begun = served(ID, ALICE).begun().orElseThrow();
        assertThat(begun.sessionId()).isEqualTo(ID);
        assertThat(begun.environment()).containsEntry("OF_one", "hello").containsEntry("OF_two", "hello").containsEntry("SHARED", "two");
        assertThat(begun.outbounds()).extracting(OutboundName::name).containsExactly("one", "two");
        assertThat(one.sessions).singleElement().satisfies(session -> {
            assertThat(session.sessionId()).isEqualTo(ID);
            assertThat(session.owner()).isEqualTo(ALICE.subject());
            assertThat(session.version()).isNotBlank();
        });
    }

    @Test
    void withoutARoomASessionBeginsWithItsIdOnly() {
        startReady();
        assertThat(served(ID, ALICE).begun()).contains(SessionStart.of(ID));
    }

    @Test
    void theStreamsOfAGuestReachTheRoomTheyAreFor() {
        startWith(one, two);
        FakeVm vm = served(ID, ALICE);
        vm.openFromGuest(new Target("outbound/two"));
        vm.openFromGuest(new Target("outbound/one"));
        assertThat(one.targets).containsExactly(new Target("outbound/one"));
        assertThat(two.targets).containsExactly(new Target("outbound/two"));
    }

    @Test
    void aStreamThatNoRoomTakesIsReset() {
        startWith(one);
        GuestStream stream = served(ID, ALICE).openFromGuest(new Target("elsewhere"));
        assertThatThrownBy(() -> stream.read(ByteBuffer.allocate(1))).isInstanceOf(IOException.class);
        assertThat(one.targets).isEmpty();
    }

    @Test
    void aRoomIsToldOfASessionsEndOnce() {
        startWith(one);
        served(ID, ALICE);
        assertThat(one.ended).isEmpty();
        get(platform.stop("hello", ID, ALICE));
        assertThat(one.ended).containsExactly(ID);
    }

    @Test
    void connectionsThatARoomTellsOfReachTheListenersWithTheirAgent() {
        startWith(one);
        served(ID, ALICE);
        one.told.get(0).accept(new OutboundConnection(Instant.EPOCH, "proxy", "api.example", OptionalInt.of(443), 1, 2,
                OutboundConnection.Outcome.DENIED, Duration.ZERO, "not allowed"));
        assertThat(recorder.told).contains("outbound hello DENIED");
    }

    @Test
    void aSessionThatWaitsForTheOutsideIsNeitherIdleNorPausedUntilItsAnswerIsThere() {
        startWith(one);
        FakeVm vm = served(ID, ALICE);
        one.waits = true;
        for (int minute = 0; minute < 20; minute++) {
            healthy();
            pass(Duration.ofMinutes(1));
        }
        assertThat(platform.session("hello", ID, ALICE).status()).isEqualTo(SessionView.Status.ACTIVE);
        assertThat(vm.isPaused()).isFalse();
        one.waits = false;
        healthy();
        assertThat(platform.session("hello", ID, ALICE).status()).isEqualTo(SessionView.Status.IDLE);
        pass(Duration.ofMinutes(15));
        awaitEnded(ID, "Idle");
    }

    private void healthy() {
        platform.probes().get(0).ask(Duration.ofSeconds(5));
        platform.probes().get(0).report(PingStatus.HEALTHY, "Healthy");
    }

    @Test
    void aRoomThatCannotSayWhetherItsGuestWaitsLeavesTheSessionToItsAgent() {
        SessionRoom broken = new SessionRoom() {
            @Override
            public String name() {
                return "a-broken";
            }

            @Override
            public SessionPart join(SessionFacts session) {
                return new SessionPart() {
                    @Override
                    public boolean waits() {
                        throw new IllegalStateException("on purpose");
                    }

                    @Override
                    public void close() {}
                };
            }
        };
        startWith(broken, one);
        served(ID, ALICE);
        healthy();
        assertThat(platform.session("hello", ID, ALICE).status()).isEqualTo(SessionView.Status.IDLE);
    }

    @Test
    void aRoomReachesTheGuestOnceItHasBegun() throws IOException {
        startWith(one);
        served(ID, ALICE);
        assertThat(one.guests).hasSize(1);
        assertThat(one.lastGuest().connect(Target.AGENT).read(ByteBuffer.allocate(1))).isZero();
    }

    @Test
    void aRoomSeesWhetherTheGuestStandsStill() {
        startWith(one);
        FakeVm vm = served(ID, ALICE);
        assertThat(one.lastGuest().isPaused()).isFalse();
        vm.pause();
        assertThat(one.lastGuest().isPaused()).isTrue();
    }

    @Test
    void aRoomIsToldWhyASessionEndsWhileItsGuestIsThere() {
        startWith(one);
        served(ID, ALICE);
        get(platform.stop("hello", ID, ALICE));
        assertThat(one.ends).singleElement().asString().startsWith("STOPPED ").contains("alice").endsWith("[[fake] session " + ID + "]");
    }

    @Test
    void aRoomHearsOfADeathInItsOwnWords() {
        startWith(one);
        served(ID, ALICE).die("QEMU was killed by signal 9.");
        await().untilAsserted(() -> assertThat(one.ends).singleElement().asString()
                .startsWith("VM_DIED ").contains("QEMU was killed by signal 9."));
        await().untilAsserted(() -> assertThat(one.ended).containsExactly(ID));
    }

    @Test
    void aGuestWhoseStreamsNoRoomTakesIsAskedForNone() {
        startReady(() -> List.of(quiet("a", session -> { }), quiet("b", session -> { })));
        GuestStream stream = served(ID, ALICE).openFromGuest(new Target("outbound/one"));
        assertThatThrownBy(() -> stream.read(ByteBuffer.allocate(1))).isInstanceOf(IOException.class);
    }

    @Test
    void aRoomThatFailsWhenItTakesUpASessionFailsNothingElse() {
        SessionRoom broken = quiet("a-broken", guest -> {
            throw new IllegalStateException("on purpose");
        });
        startWith(broken, one);
        served(ID, ALICE);
        assertThat(one.guests).hasSize(1);
    }

    /** Takes no streams. */
    private static SessionRoom quiet(String name, Consumer<SessionGuest> begun) {
        return new SessionRoom() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public SessionPart join(SessionFacts session) {
                return new SessionPart() {
                    @Override
                    public boolean takesStreams() {
                        return false;
                    }

                    @Override
                    public void begun(SessionGuest guest) {
                        begun.accept(guest);
                    }

                    @Override
                    public void close() {}
                };
            }
        };
    }

    @Test
    void aRoomThatFailsFailsTheStartAndIsNamed() {
        SessionRoom broken = new SessionRoom() {
            @Override
            public String name() {
                return "zz-broken";
            }

            @Override
            public SessionPart join(SessionFacts session) {
                throw new IllegalStateException("no key store");
            }
        };
        startWith(broken, one);
        RequestException refusal = refused(asking(ID, ALICE));
        assertThat(refusal.kind()).isEqualTo(Kind.PLATFORM);
        assertThat(refusal).hasMessageContaining("zz-broken").hasMessageContaining("no key store");
        assertThat(one.ended).containsExactly(ID);
        assertThat(driver.started()).isEmpty();
    }

    @Test
    void twoRoomsWithOneOutboundFailTheStartByItsName() {
        startWith(one, new Room("one"));
        assertThat(refused(asking(ID, ALICE))).hasMessageContaining("Two outbounds have one name");
        await().until(() -> driver.live().isEmpty());
    }

    @Test
    void aRoomThatFailsAtTheEndKeepsNothingFromEnding() {
        SessionRoom broken = new SessionRoom() {
            @Override
            public String name() {
                return "a-broken";
            }

            @Override
            public SessionPart join(SessionFacts session) {
                return () -> {
                    throw new IllegalStateException("on purpose");
                };
            }
        };
        startWith(broken, one);
        served(ID, ALICE);
        get(platform.stop("hello", ID, ALICE));
        assertThat(one.ended).containsExactly(ID);
        assertThat(driver.live()).isEmpty();
    }

    @Test
    void aVmThatIsReplacedHasTheSameRooms() {
        startWith(one);
        driver.failures().next(FakeDriver.Step.START, new VmException("QEMU was killed by signal 9."));
        assertThat(served(ID, ALICE).begun().orElseThrow().outbounds()).hasSize(1);
        assertThat(one.sessions).hasSize(1);
        assertThat(one.ended).isEmpty();
    }

    @Test
    void aRoomThatComesLaterTakesPartInSessionsThatLive() {
        List<SessionRoom> present = new CopyOnWriteArrayList<>();
        startReady(() -> present);
        FakeVm vm = served(ID, ALICE);
        present.add(one);
        served(ID + "-2", ALICE);
        assertThat(one.sessions).extracting(SessionFacts::sessionId).containsExactly(ID + "-2");
        await().untilAsserted(() -> {
            pass(Duration.ofMillis(100));
            assertThat(one.guests).hasSize(2);
        });
        vm.openFromGuest(new Target("outbound/one"));
        assertThat(one.targets).containsExactly(new Target("outbound/one"));
        assertThat(one.sessions).hasSize(2);
        get(platform.stop("hello", ID, ALICE));
        assertThat(one.ended).containsExactly(ID);
    }

    @Test
    void aSessionThatHasBegunWithoutARoomGoesOnWithoutOneThatCannotTakePart() {
        List<SessionRoom> present = new CopyOnWriteArrayList<>();
        startReady(() -> present);
        served(ID, ALICE);
        AtomicInteger asked = new AtomicInteger();
        present.add(new SessionRoom() {
            @Override
            public String name() {
                return "broken";
            }

            @Override
            public SessionPart join(SessionFacts session) {
                asked.incrementAndGet();
                throw new IllegalStateException("no room");
            }
        });
        await().until(() -> {
            pass(Duration.ofMillis(100));
            return asked.get() > 0;
        });
        pass(Duration.ofSeconds(1));
        assertThat(asked).hasValue(1);
        assertThat(platform.session("hello", ID, ALICE).status()).isEqualTo(SessionView.Status.IDLE);
    }
}
