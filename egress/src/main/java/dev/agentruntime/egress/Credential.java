package dev.agentruntime.egress;

/** A header that the host adds. Its value is in no text. */
record Credential(String header, String value) {

    @Override
    public String toString() {
        return header + ": ...";
    }
}
