package dev.agentruntime.requests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTest {

    private static JsonObject input(int most, Optional<String> token) {
        JsonObjectBuilder input = Json.createObjectBuilder().add("maxResults", most);
        token.ifPresent(text -> input.add("nextToken", text));
        return input.build();
    }

    private static Page<String> page(List<String> items, int most, Optional<String> token) {
        return Page.of("things", items, Function.identity(), input(most, token));
    }

    @Test
    void allPagesTogetherAreTheList() {
        List<String> all = List.of("a", "b", "c", "d", "ä");
        List<String> read = new ArrayList<>();
        Optional<String> next = Optional.empty();
        do {
            Page<String> page = page(all, 2, next);
            read.addAll(page.items());
            next = page.next();
        } while (next.isPresent());
        assertThat(read).isEqualTo(all);
        assertThat(page(all, 5, Optional.empty()).next()).isEmpty();
        assertThat(page(List.of(), 5, Optional.empty()).items()).isEmpty();
    }

    @Test
    void nothingIsToldTwiceOrLeftOutWhereOthersComeAndGo() {
        Optional<String> next = page(List.of("a", "c", "e"), 2, Optional.empty()).next();
        assertThat(page(List.of("b", "d", "e"), 2, next).items()).as("c is gone, b and d have come").containsExactly("d", "e");
        assertThat(page(List.of("a"), 2, next)).isEqualTo(new Page<>(List.of(), Optional.empty()));
    }

    @Test
    void aTokenThatNoDatabaseTakesIsNone() {
        assertThatThrownBy(() -> Page.after("things", Page.token("things", "a\0b"))).isInstanceOf(InputException.class);
    }

    @Test
    void withoutANumberAPageHasAHundred() {
        List<String> many = java.util.stream.IntStream.range(1000, 1101).mapToObj(Integer::toString).toList();
        Page<String> page = Page.of("things", many, Function.identity(), Json.createObjectBuilder().build());
        assertThat(page.items()).hasSize(100).isEqualTo(many.subList(0, 100));
        assertThat(page(many, 100, page.next()).items()).containsExactly("1100");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "", "b3RoZXIKYQ", "%%%", "dGhpbmdz"})
    void aTokenOfAnotherListIsRefused(String token) {
        assertThatThrownBy(() -> page(List.of("a"), 1, Optional.of(token))).isInstanceOf(InputException.class).hasMessage("nextToken must be one that this list has returned");
    }
}
