package dev.agentruntime.identity;

/** What a credential provider gives. Each kind has names of its own. */
enum ProviderKind {
    API_KEY("API key", "API key", "apikeycredentialprovider", Slot.Kind.API_KEY),
    OAUTH2("OAuth2", "access token", "oauth2credentialprovider", Slot.Kind.CLIENT_SECRET);

    private final String words;
    private final String gives;
    private final String inArn;
    private final Slot.Kind secret;

    ProviderKind(String words, String gives, String inArn, Slot.Kind secret) {
        this.words = words;
        this.gives = gives;
        this.inArn = inArn;
        this.secret = secret;
    }

    /** For messages. */
    String words() {
        return words;
    }

    /** What such a provider has for a workload, for messages. */
    String gives() {
        return gives;
    }

    String inArn() {
        return inArn;
    }

    /** Where the secret of such a provider is kept. */
    Slot slot(String name) {
        return Slot.ofProvider(secret, name);
    }
}
