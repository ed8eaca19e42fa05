package dev.agentruntime.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HtmlTest {

    private final Html html = new Html();

    @Test
    void textAndValuesAreEscaped() {
        assertThat(html.with("p", "<b>&\"'</b>", "title", "\"><b>&'").page()).isEqualTo("<!DOCTYPE html>\n"
                + "<p title=\"&quot;&gt;&lt;b&gt;&amp;'\">&lt;b&gt;&amp;\"'&lt;/b&gt;</p>");
    }

    @Test
    void whatIsNoTextIsShownAsSuch() {
        assertThat(html.with("p", "a\u0000b\u001bc\ud800d\ne\tf").page()).endsWith("<p>a\uFFFDb\uFFFDc\uFFFDd\ne\tf</p>");
        assertThat(new Html().with("p", "\ud83d\ude00").page()).as("two halves that belong together").endsWith("<p>\ud83d\ude00</p>");
    }

    @Test
    void anElementWithoutContentHasItsEnd() {
        assertThat(html.open("td").close().alone("input", "type", "text").page()).endsWith("<td></td><input type=\"text\"/>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"script", "style", "iframe", "object", "embed", "base", "svg", "p onclick", "P", "", "p>"})
    void whatThePolicyForbidsCannotBeWritten(String element) {
        assertThatThrownBy(() -> html.open(element)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> html.alone(element)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"onclick", "onerror", "style", "srcdoc", "a b", "a=\"", ""})
    void norCanHandlersOfEventsAndStyles(String attribute) {
        assertThatThrownBy(() -> html.open("p", attribute, "x")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"javascript:alert(1)", "https://evil.test/", "//evil.test", "/\\evil.test", "data:text/html,x", "", "page"})
    void noLinkLeadsAway(String link) {
        assertThatThrownBy(() -> html.open("a", "href", link)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Html().open("form", "action", link)).isInstanceOf(IllegalArgumentException.class);
    }
}
