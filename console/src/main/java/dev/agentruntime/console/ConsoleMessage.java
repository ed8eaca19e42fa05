package dev.agentruntime.console;

import dev.agentruntime.log.LoggedMessage;

/** Every message of this module; ids AGRT6500 to AGRT6599. */
enum ConsoleMessage implements LoggedMessage {

    CONFIG_PROBLEM("AGRT6501W",
            "%s",
            "Something in <agentConsole> could not be used.",
            "Correct server.xml; it is read again at once."),
    SERVED("AGRT6502I",
            "The console is served: %s",
            "People of the server's user registry who have one of the groups agent-admin and agent-invoker may sign in.",
            "None."),
    SIGNED_IN("AGRT6503I",
            "%s has signed in to the console from %s as %s.",
            "The password was right, and the registry has them in one of the two groups.",
            "None."),
    NOT_SIGNED_IN("AGRT6504W",
            "%s was not let in to the console from %s: %s",
            "After 10 wrong passwords within 10 minutes for one name from one address no more are tried for a while.",
            "None, where somebody has mistyped a password. Put people who lack a group into agent-admin or agent-invoker."),
    ENDED("AGRT6505I",
            "%s ends the session %s of %s by the console.",
            "Somebody who may has asked for it.",
            "None."),
    UNEXPECTED("AGRT6506E",
            "The console's page %s could not be made: %s",
            "Whoever asked for it was told that it failed.",
            "Report it with the stack trace.");

    private final Entry entry;

    ConsoleMessage(String id, String text, String explanation, String action) {
        this.entry = new Entry(id, text, explanation, action);
    }

    @Override
    public Entry entry() {
        return entry;
    }
}
