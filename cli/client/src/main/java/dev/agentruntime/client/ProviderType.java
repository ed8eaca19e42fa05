package dev.agentruntime.client;

/** What a credential provider gives. Each type has names of its own. */
public enum ProviderType {
    API_KEY("api-key", "ApiKeyCredentialProvider"),
    OAUTH2("oauth2", "Oauth2CredentialProvider");

    private final String word;
    private final String operation;

    ProviderType(String word, String operation) {
        this.word = word;
        this.operation = operation;
    }

    /** As {@code type} of {@code <credentialProvider>} has it. */
    public String word() {
        return word;
    }

    /** What the names of operations on one have in common. */
    String operation() {
        return operation;
    }

    @Override
    public String toString() {
        return word;
    }
}
