package dev.agentruntime.control;

import dev.agentruntime.log.LoggedMessage;

/** Every message of this module; ids AGRT6100 to AGRT6199. */
enum ControlMessage implements LoggedMessage {

    CONFIG_PROBLEM("AGRT6101W",
            "%s",
            "An attribute of <agentRuntimeControl> could not be used.",
            "Correct server.xml; it is read again at once."),
    IN_FORCE("AGRT6102I",
            "The control API serves: %s",
            "This configuration is in force now.",
            "None."),
    STORE("AGRT6103W",
            "The database of agent runtimes could not be used: %s",
            "A request to the control API was refused, or what became of a version was not written yet; that is tried again.",
            "See that the data source of <agentRuntime> works."),
    SETTLED("AGRT6104I",
            "Version %s of agent runtime %s is %s. %s",
            "A version that was made through the control API is ready, or has failed for the reason given.",
            "Where it has failed, correct the artifact or the settings, and update the agent runtime."),
    ARTIFACT_TAKEN("AGRT6105I",
            "The artifact %s was uploaded by %s: %s bytes, SHA-256 %s.",
            "It is kept until it is deleted by hand; agent runtimes can be made of it.",
            "None."),
    UNEXPECTED("AGRT6106E",
            "Something unexpected happened while %s: %s",
            "The request was refused, or the work is tried again.",
            "Report it with the stack trace.");

    private final Entry entry;

    ControlMessage(String id, String text, String explanation, String action) {
        this.entry = new Entry(id, text, explanation, action);
    }

    @Override
    public Entry entry() {
        return entry;
    }
}
