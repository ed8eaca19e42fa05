package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RehearsalTest {

    private final List<String> done = new CopyOnWriteArrayList<>();

    @Test
    void anAgentThatIsNoneAnswersOverTheClientAndNothingOfItIsRemembered() throws Exception {
        try (AgentClient client = new AgentClient(Duration.ofMillis(100))) {
            assertThat(Rehearsal.answer(client)).isEqualTo(200);
            await().atMost(Duration.ofSeconds(30)).until(() -> client.destinations() == 0);
        }
    }

    @Test
    void whatFailsKeepsNoOtherPartFromItsTurn() {
        List<Callable<?>> parts = List.of(() -> {
            throw new IOException("no");
        }, () -> {
            throw new NoClassDefFoundError("no");
        }, () -> done.add(Thread.currentThread().getName()));
        Rehearsal.begin(parts);
        await().until(() -> !done.isEmpty());
        assertThat(done).containsExactly("agent-invocation-rehearsal");
    }

    @Test
    void whereLibertysBuilderOfTokensIsNotThereThatPartFails() {
        assertThatThrownBy(() -> Rehearsal.token(getClass().getClassLoader())).isInstanceOf(ClassNotFoundException.class);
    }

    @Test
    void theFrontDoorsOwnClassesAreNamedAsTheyLieInItsArchive() {
        String folder = "/WEB-INF/classes/dev/agentruntime/invocation/";
        ServletContext context = answering(Set.of(folder + "Exchange.class", folder + "notes.txt", folder + "more/"));
        assertThat(Rehearsal.classes(context)).containsExactly("dev.agentruntime.invocation.Exchange");
        assertThat(Rehearsal.classes(answering(null))).isEmpty();
    }

    @Test
    void whatCannotBeLoadedIsLeftOut() {
        ClassLoader own = getClass().getClassLoader();
        assertThat(Rehearsal.load(own, List.of("dev.agentruntime.invocation.Exchange", "dev.agentruntime.invocation.Nothing"))).isEqualTo(1);
    }

    @Test
    void theAgentThatIsNoneIsSilentUntilTheWholeQuestionIsThere() throws IOException {
        AtomicInteger told = new AtomicInteger();
        try (RehearsedAgent agent = new RehearsedAgent()) {
            agent.onReadable(told::incrementAndGet);
            agent.write(bytes("POST / HTTP/1.1\r\n\r\n"));
            ByteBuffer answer = ByteBuffer.allocate(4);
            assertThat(agent.read(answer)).isZero();
            agent.write(bytes("{}"));
            assertThat(told).hasValue(1);
            assertThat(agent.read(answer)).isEqualTo(4);
            assertThat(new String(answer.array(), StandardCharsets.US_ASCII)).isEqualTo("HTTP");
            assertThat(agent.read(ByteBuffer.allocate(1000))).isPositive();
            assertThat(agent.read(answer.clear())).isEqualTo(-1);
        }
    }

    @Test
    void oneThatIsClosedTellsWhoWaitsForItAndTakesNoMore() {
        AtomicInteger told = new AtomicInteger();
        RehearsedAgent agent = new RehearsedAgent();
        agent.onReadable(told::incrementAndGet);
        agent.close();
        agent.close();
        assertThat(told).hasValue(1);
        assertThatThrownBy(() -> agent.read(ByteBuffer.allocate(1))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> agent.write(bytes("x"))).isInstanceOf(IOException.class);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static ServletContext answering(Set<String> paths) {
        return (ServletContext) Proxy.newProxyInstance(RehearsalTest.class.getClassLoader(), new Class<?>[] {ServletContext.class}, (proxy, method, arguments) -> paths);
    }
}
