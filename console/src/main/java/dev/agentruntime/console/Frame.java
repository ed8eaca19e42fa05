package dev.agentruntime.console;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * What all pages have around them.
 *
 * @param root    the path of the console
 * @param visitor whose page it is; empty for one that anybody gets
 */
record Frame(String root, Optional<Visitor> visitor) {

    /**
     * A whole page.
     *
     * @param here    which of the places it is; empty where it is none
     * @param content what stands in it
     */
    String page(String title, Optional<Place> here, Consumer<Html> content) {
        Html html = new Html();
        html.open("html", "lang", "en").open("head").alone("meta", "charset", "utf-8")
                .alone("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
                .with("title", title + " - Agent Runtime").alone("link", "rel", "stylesheet", "href", root + "/style.css").close();
        html.open("body").with("a", "Skip to the content", "href", "#content", "class", "skip");
        visitor.ifPresent(known -> head(html, known, here));
        html.open("main", "id", "content").with("h1", title);
        content.accept(html);
        return html.close().close().close().page();
    }

    private void head(Html html, Visitor known, Optional<Place> here) {
        html.open("header").open("nav", "aria-label", "Pages").open("ul");
        for (Place place : Place.values()) {
            html.open("li");
            if (here.filter(place::equals).isPresent()) {
                html.with("a", place.title(), "href", root + place.path(), "aria-current", "page");
            } else {
                html.with("a", place.title(), "href", root + place.path());
            }
            html.close();
        }
        html.close().close();
        html.open("form", "method", "post", "action", root + "/logout", "class", "who");
        secret(html).with("span", known.person().name() + (known.person().admin() ? ", administrator" : ""))
                .with("button", "Sign out", "type", "submit").close().close();
    }

    /** Puts into a form what no other site knows. */
    Html secret(Html html) {
        return html.alone("input", "type", "hidden", "name", Console.SECRET, "value", visitor.map(Visitor::csrf).orElse(""));
    }

    /** A row of a list of terms. */
    static void fact(Html html, String term, String what) {
        html.with("dt", term).with("dd", what);
    }

    static void heads(Html html, String caption, String... heads) {
        html.with("caption", caption).open("thead").open("tr");
        for (String head : heads) {
            html.with("th", head, "scope", "col");
        }
        html.close().close();
    }

    /** Where a session's page is. */
    String session(String agent, String id) {
        return root + "/session?" + Fields.encoded("agent", agent) + "&" + Fields.encoded("id", id);
    }
}
