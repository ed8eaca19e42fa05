package dev.agentruntime.identity;

import dev.agentruntime.log.LoggedMessage;

/** Every message of this module; ids AGRT6300 to AGRT6399. */
enum IdentityMessage implements LoggedMessage {

    CONFIG_PROBLEM("AGRT6301W",
            "%s",
            "Something in <agentRuntimeIdentity>, or a <credentialProvider>, could not be used.",
            "Correct server.xml; it is read again at once."),
    IN_FORCE("AGRT6302I",
            "Identities are served: %s",
            "This configuration is in force now.",
            "None."),
    STORE("AGRT6303W",
            "The database of identities could not be used: %s",
            "A request was refused, or the identities of agent runtimes were not brought in line; that is tried again.",
            "See that the data source of <agentRuntime> works."),
    UNEXPECTED("AGRT6304E",
            "Something unexpected happened while %s: %s",
            "The request was refused, or the work is tried again.",
            "Report it with the stack trace."),
    KEY_MISSING("AGRT6305E",
            "%s secrets in the vault cannot be read: there is no <vaultKey> of the keyId %s.",
            "They were kept with that key, which this server does not have. Whoever asks for one of them is refused. No key is there by default.",
            "Give <agentRuntimeIdentity> the <vaultKey keyId=\"...\"> again that it had."),
    REWRAPPED("AGRT6306I",
            "Nothing in the vault needs the key %s any more; all is wrapped with %s.",
            "The key was changed, and every data key is wrapped with the new one.",
            "Take the old <vaultKey> out of server.xml, on every server that uses this database."),
    NOT_REWRAPPED("AGRT6307W",
            "%s secrets in the vault stay wrapped with the key %s: it cannot unwrap them.",
            "They were kept with another key of the same keyId, or changed in the database. Whoever asks for one of them is refused.",
            "Look who writes to the database. Users of OAuth2 providers consent anew; keep other secrets again through the API."),
    GIVEN("AGRT6308I",
            "The %s of the credential provider %s was given to the workload identity %s.",
            "A credential was read. This is told of each time, and never what was read.",
            "None."),
    REFUSED("AGRT6309W",
            "The %s of the credential provider %s was refused to the workload identity %s: %s.",
            "Somebody with a workload access token asked for a credential and did not get it, since there is none, it is not for this workload, or it cannot be read.",
            "Look whether that was meant; the answer to the request says what to change."),
    CONSENTED("AGRT6310I",
            "The workload identity %s may act for %s of %s at the credential provider %s.",
            "The user has consented, the application has said that it was this user who came back, and the provider has issued a token, which is in the vault.",
            "None."),
    NOT_CONSENTED("AGRT6311W",
            "The workload identity %s got no consent of %s at the credential provider %s: %s.",
            "The user or the provider refused, or somebody else came back from the provider than who was sent there.",
            "Where another user began it: see that the application completes a consent for nobody but the user who is logged in. Otherwise the provider's word says why."),
    TAKEN_BACK("AGRT6312I",
            "The consent of %s of %s at the credential provider %s was taken back from the workload identity %s, by %s.",
            "Its token is not in the vault any more. The provider was not told.",
            "None."),
    NO_TOKENS("AGRT6330W",
            "Agents are invoked without workload access tokens: %s",
            "A token is encrypted under the vault's key. Agents that ask for credentials with one cannot do so; outbounds with a credential work.",
            "Give <agentRuntimeIdentity> a <vaultKey>, or see the message before this one that says why it has none.");

    private final Entry entry;

    IdentityMessage(String id, String text, String explanation, String action) {
        this.entry = new Entry(id, text, explanation, action);
    }

    @Override
    public Entry entry() {
        return entry;
    }
}
