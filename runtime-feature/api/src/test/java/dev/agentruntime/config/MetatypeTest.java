package dev.agentruntime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Over a metatype beside this test. */
final class MetatypeTest {

    private final Metatype metatype = Metatype.of(MetatypeTest.class);

    private List<String> problems(Map<String, Object> properties) {
        Attributes house = Attributes.of("house", properties);
        metatype.check(house, "house");
        return house.problems();
    }

    @Test
    void whatTheMetatypeHasIsNoProblem() {
        assertThat(problems(Map.of("street", "Elm", "service.pid", "house", "door.0.name", "front", "door.0.colour", "red", "door.0.lock.0.key", "gold",
                "door.0.lock.0.config.referenceType", "house.lock"))).isEmpty();
    }

    @Test
    void aMistypedAttributeOrElementIsToldHoweverDeepItIs() {
        assertThat(problems(Map.of("stret", "Elm", "dor", new String[] {"dor-0"}, "door.0.name", "front", "door.0.color", "red", "door.1.lock.0.kye", "gold")))
                .containsExactly("<house> has no dor. Did you mean door? Correct the name or take it out.",
                        "<house> has no stret. Did you mean street? Correct the name or take it out.",
                        "<door front> has no color. Did you mean colour? Correct the name or take it out.",
                        "<lock> has no kye. It has key. Correct the name or take it out.");
    }

    /** Its own metatype has it. */
    @Test
    void whatIsInAnElementOfAnotherRoomIsThatRooms() {
        assertThat(problems(Map.of("garden.0.tree", "oak"))).isEmpty();
    }

    @Test
    void theNamesOfAnElementAreThoseOfItsAttributesAndElements() {
        assertThat(metatype.names("house")).containsExactly("street", "door", "garden");
    }

    @Test
    void aRoomWithoutAMetatypeIsAFault() {
        assertThatThrownBy(() -> Metatype.of(java.sql.Driver.class)).isInstanceOf(IllegalStateException.class).hasMessageContaining("OSGI-INF/metatype/metatype.xml");
    }
}
