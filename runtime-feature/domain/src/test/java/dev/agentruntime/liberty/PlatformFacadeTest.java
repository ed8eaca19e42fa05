package dev.agentruntime.liberty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.CredentialRead;
import dev.agentruntime.api.InvocationRequest;
import dev.agentruntime.api.Platform;
import dev.agentruntime.api.PlatformListener;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RestWatcher;
import dev.agentruntime.api.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class PlatformFacadeTest {

    private static final Caller ALICE = new Caller(new Subject("https://idp", "alice"), false);

    private final TestPlatform first = new TestPlatform("first");
    private final TestPlatform second = new TestPlatform("second");
    private final PlatformFacade facade = new PlatformFacade(first);

    @Test
    void everyQuestionGoesToThePlatformOfTheMoment() {
        assertThat(answers(facade)).containsOnly("first");
        facade.replace(second);
        assertThat(answers(facade)).containsOnly("second");
        assertThat(facade.meant("hello")).isEqualTo("second");
        assertThat(facade.tenantClaim()).isEqualTo("second");
        assertThat(facade.pingPolicy()).isEqualTo(second.pingPolicy());
        assertThat(facade.status()).isEqualTo(second.status());
    }

    @Test
    void requestsAreCountedByThePlatformOfTheMoment() {
        facade.count(ALICE);
        facade.replace(AbsentPlatform.between(first));
        facade.count(ALICE);
        facade.replace(second);
        facade.count(ALICE);
        assertThat(first.counted).containsExactly(ALICE);
        assertThat(second.counted).containsExactly(ALICE);
    }

    @Test
    void listenersHearOfRequestsForCredentialsWhateverThePlatformOfTheMomentIs() {
        List<CredentialRead> heard = new ArrayList<>();
        facade.listen(new PlatformListener() {
            @Override
            public void credentialRead(CredentialRead read) {
                heard.add(read);
            }
        });
        CredentialRead read = new CredentialRead("openai", CredentialRead.Outcome.GIVEN);
        facade.credentialRead(read);
        facade.replace(AbsentPlatform.between(first));
        facade.credentialRead(new CredentialRead("nobody hears", CredentialRead.Outcome.GIVEN));
        facade.replace(second);
        facade.credentialRead(read);
        assertThat(heard).containsExactly(read, read);
    }

    @Test
    void whoeverListensHearsOfEveryPlatformThatFollows() {
        PlatformListener listener = new PlatformListener() {};
        RestWatcher watcher = session -> {};
        Platform.Registration listening = facade.listen(listener);
        Platform.Registration watching = facade.watchRest(watcher);
        facade.replace(AbsentPlatform.between(first));
        facade.replace(second);
        assertThat(second.listeners).containsExactly(listener);
        assertThat(second.watchers).containsExactly(watcher);
        listening.close();
        watching.close();
        assertThat(second.listeners).isEmpty();
        assertThat(second.watchers).isEmpty();
    }

    @Test
    void whoeverBeganToListenWhileThereWasNoneHearsOfTheNext() {
        facade.replace(AbsentPlatform.between(first));
        PlatformListener listener = new PlatformListener() {};
        facade.listen(listener);
        facade.replace(second);
        assertThat(second.listeners).containsExactly(listener);
    }

    @Test
    void whoeverLeftDoesNotHearOfTheNext() {
        facade.listen(new PlatformListener() {}).close();
        facade.replace(second);
        assertThat(second.listeners).isEmpty();
        assertThat(first.listeners).isEmpty();
    }

    @Test
    void thePlatformThatIsClosedStillTellsOfTheEndsOfItsSessions() {
        PlatformListener listener = new PlatformListener() {};
        facade.listen(listener);
        facade.replace(AbsentPlatform.between(first));
        assertThat(first.listeners).containsExactly(listener);
    }

    @Test
    void whileThereIsNoneEveryRequestIsRefusedWithASentence() {
        facade.replace(AbsentPlatform.between(first));
        assertThat(answers(facade)).allMatch(answer -> answer.endsWith("Ask again in a moment."));
        assertThat(refusal(() -> facade.runtime("hello")).kind()).isEqualTo(RequestException.Kind.RETRYABLE_CONFLICT);
    }

    @Test
    void whileThereIsNoneChecksAndPingsAreToldWhatThereIs() {
        facade.replace(AbsentPlatform.between(first));
        assertThat(facade.status().hypervisor().reachable()).isFalse();
        assertThat(facade.status().hypervisor().description()).contains("being started anew");
        assertThat(facade.status().started()).isFalse();
        assertThat(facade.probes()).isEmpty();
        assertThat(facade.meant("hello")).isEqualTo("hello");
        assertThat(facade.pingPolicy()).isEqualTo(first.pingPolicy());
        assertThat(facade.tenantClaim()).isEqualTo("first");
    }

    @Test
    void afterTheEndRequestsAreNotToldToAskAgain() {
        facade.replace(AbsentPlatform.stopped(first));
        assertThat(answers(facade)).containsOnly("The agent runtime has been stopped.");
    }

    /** What each method that can refuse says, but for the list of probes, which never does while there is no platform. */
    private static List<String> answers(Platform platform) {
        return Stream.<ThrowingCallable>of(
                platform::runtimes, () -> platform.runtime("hello"), () -> platform.sessions("hello", ALICE),
                () -> platform.session("hello", "id", ALICE),
                () -> platform.changeIdleTimeout("hello", "id", ALICE, Duration.ofMinutes(1)), () -> platform.stop("hello", "id", ALICE).toCompletableFuture().join(),
                () -> platform.invoke(new InvocationRequest("hello", Optional.empty(), ALICE)).toCompletableFuture().join())
                .map(question -> refusal(question).getMessage()).toList();
    }

    private static RequestException refusal(ThrowingCallable question) {
        return catchThrowableOfType(RequestException.class, () -> {
            try {
                question.call();
            } catch (CompletionException e) {
                throw e.getCause();
            }
        });
    }
}
