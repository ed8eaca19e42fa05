package dev.agentruntime.identity;

import dev.agentruntime.api.CredentialRead;
import dev.agentruntime.api.CredentialRead.Outcome;
import dev.agentruntime.identity.IdentityException.Kind;
import dev.agentruntime.net.Texts;
import jakarta.json.JsonObject;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.logging.Logger;

/**
 * Lets a workload have what a provider gives that is for it. Each time it is in the log who asked for what and how that ended, and never what
 * was given; meters are told, too. Thread-safe; blocks on the database, and as long as what it lets happen.
 */
record CredentialGate(Access access, Consumer<CredentialRead> meter) {

    private static final Logger LOG = Logger.getLogger(CredentialGate.class.getName());
    /** Of a token that is not taken nothing is believed. */
    private static final String NOBODY = "(none: the token is not taken)";
    /** What is made up by whoever asks is no name for meters. */
    private static final String UNKNOWN = "";

    /**
     * What {@code work} gets from a provider.
     *
     * @param isCredential whether that is a credential; otherwise its user has to consent first
     * @throws IdentityException there is no such provider, or it is not for this workload, or nothing comes of it
     */
    <T> T pass(ProviderKind kind, String name, Acting acting, Function<Provider, T> work, Predicate<T> isCredential) {
        Asking asking = new Asking(kind.gives(), Texts.shown(name), Texts.shown(acting.text()));
        String known = UNKNOWN;
        try {
            Provider provider = access.named(kind, name);
            known = provider.name();
            access.check(provider, acting);
            T answer = work.apply(provider);
            boolean given = isCredential.test(answer);
            if (given) {
                IdentityMessage.GIVEN.log(LOG, asking.what(), asking.provider(), asking.who());
            }
            meter.accept(new CredentialRead(known, given ? Outcome.GIVEN : Outcome.CONSENT));
            return answer;
        } catch (ProviderException refused) {
            IdentityException answer = refused.toAnswer(name);
            refused(asking, known, Texts.shown(refused.getMessage()), answer.kind());
            throw answer;
        } catch (IdentityException refused) {
            refused(asking, known, refused.kind(), refused.kind());
            throw refused;
        }
    }

    /** Records that somebody was refused whatever was asked for with a token that is not taken. */
    void notTaken(JsonObject input, IdentityException refused) {
        refused(new Asking("credential", Texts.shown(input.getString("resourceCredentialProviderName", "")), NOBODY), UNKNOWN, refused.kind(), refused.kind());
    }

    /** As the log has it. */
    private record Asking(String what, String provider, String who) {}

    private void refused(Asking asking, String known, Object why, Kind kind) {
        IdentityMessage.REFUSED.log(LOG, asking.what(), asking.provider(), asking.who(), why);
        meter.accept(new CredentialRead(known, kind == Kind.INTERNAL ? Outcome.FAILED : Outcome.REFUSED));
    }
}
