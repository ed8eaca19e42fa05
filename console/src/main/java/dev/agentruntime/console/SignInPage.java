package dev.agentruntime.console;

import java.util.Optional;

/** Where people say who they are. */
final class SignInPage {

    private final Frame frame;

    SignInPage(Frame frame) {
        this.frame = frame;
    }

    /**
     * The page.
     *
     * @param next  where to afterwards: a path below the console's root, with its query
     * @param wrong why nobody got in just now; empty where nobody tried
     */
    String of(String next, Optional<String> wrong) {
        return frame.page("Sign in", Optional.empty(), html -> {
            wrong.ifPresent(why -> html.with("p", why, "role", "alert"));
            html.open("form", "method", "post", "action", frame.root() + "/login", "class", "login")
                    .alone("input", "type", "hidden", "name", "next", "value", next)
                    .open("label").text("User ").alone("input", "name", "user", "type", "text", "autocomplete", "username", "required", "required").close()
                    .open("label").text("Password ").alone("input", "name", "password", "type", "password", "autocomplete", "current-password",
                            "required", "required").close()
                    .with("button", "Sign in", "type", "submit").close();
        });
    }
}
