package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LibertyMethodTest {

    private final LibertyMethod add = new LibertyMethod("add", Object.class);

    @Test
    void aPublicMethodIsCalledOnEachClassThatHasIt() throws Exception {
        List<Object> list = new ArrayList<>();
        assertThat(add.on(list, "a")).isEqualTo(true);
        assertThat(add.on(list, "b")).isEqualTo(true);
        assertThat(list).containsExactly("a", "b");
    }

    @Test
    void whatHasNoSuchMethodIsAnotherContainersEachTime() {
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> add.on("text", "a")).isInstanceOf(NoSuchMethodException.class).hasMessageContaining("add");
        }
        assertThatThrownBy(() -> add.on(null, "a")).isInstanceOf(NoSuchMethodException.class);
    }
}
