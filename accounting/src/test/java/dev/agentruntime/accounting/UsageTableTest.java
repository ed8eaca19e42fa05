package dev.agentruntime.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.Subject;
import dev.agentruntime.store.UsageSum;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageTableTest {

    private static final LocalDate DAY = LocalDate.parse("2026-01-01");
    private static final Prices PRICES = new Prices(new BigDecimal("0.0895"), new BigDecimal("0.00945"), "USD");

    private static UsageSum sum(Optional<String> session, Optional<String> agent, Optional<Subject> subject, Optional<LocalDate> day) {
        return new UsageSum(session, agent, subject, day, 3, 18_000_000_000L, 17_000_000_000L, 250_000_000, BigDecimal.valueOf(120L << 30), 2L << 30, 7,
                Duration.ofSeconds(60));
    }

    private static UsageSum one() {
        return sum(Optional.of("s-1"), Optional.of("hello"), Optional.of(new Subject("https://idp", "alice")), Optional.of(DAY));
    }

    private static UsageSum all() {
        return sum(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    @Test
    void jsonHasEveryFigure() {
        assertThat(new UsageTable(DAY, DAY, List.of(one()), Optional.of(PRICES)).json()).isEqualTo("{\"from\":\"2026-01-01\",\"to\":\"2026-01-01\",\"usage\":["
                + "{\"day\":\"2026-01-01\",\"agent\":\"hello\",\"subject\":\"alice\",\"issuer\":\"https://idp\",\"session\":\"s-1\",\"sessions\":3,"
                + "\"invocations\":7,\"cpuSeconds\":18.000000000,\"vcpuSeconds\":17.000000000,\"emulatorSeconds\":1.000000000,"
                + "\"platformSeconds\":0.250000000,\"memoryGbSeconds\":120.000000,\"peakMemoryBytes\":2147483648,\"wallSeconds\":60.000,"
                + "\"cost\":0.0007625,\"currency\":\"USD\"}]}");
    }

    @Test
    void whatIsNotToldApartAndHasNoPriceIsLeftOut() {
        assertThat(new UsageTable(DAY, DAY, List.of(all()), Optional.empty()).json()).doesNotContain("agent", "subject", "day", "session\"", "cost");
        assertThat(new UsageTable(DAY, DAY, List.of(), Optional.empty()).json()).contains("\"usage\":[]");
    }

    @Test
    void csvHasAHeadAndARowForEach() {
        assertThat(new UsageTable(DAY, DAY, List.of(one(), all()), Optional.of(PRICES)).csv()).isEqualTo(
                "day,agent,subject,issuer,session,sessions,invocations,cpuSeconds,vcpuSeconds,emulatorSeconds,platformSeconds,memoryGbSeconds,"
                        + "peakMemoryBytes,wallSeconds,cost,currency\r\n"
                        + "2026-01-01,hello,alice,https://idp,s-1,3,7,18.000000000,17.000000000,1.000000000,0.250000000,120.000000,2147483648,60.000,"
                        + "0.0007625,USD\r\n"
                        + ",,,,,3,7,18.000000000,17.000000000,1.000000000,0.250000000,120.000000,2147483648,60.000,0.0007625,USD\r\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', value = {"=cmd()|'=cmd()", "+1|'+1", "-1|'-1", "@x|'@x", "a,b|\"a,b\"", "a\"b|\"a\"\"b\"", "=a,\"b|\"'=a,\"\"b\"", "plain|plain"})
    void noNameIsTakenForAFormulaOrForSeveralCells(String name, String cell) {
        UsageSum sum = sum(Optional.empty(), Optional.empty(), Optional.of(new Subject("i", name)), Optional.empty());
        assertThat(new UsageTable(DAY, DAY, List.of(sum), Optional.empty()).csv().split("\r\n")[1]).startsWith(",," + cell + ",i,");
    }
}
