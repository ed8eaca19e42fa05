package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.Subject;
import dev.agentruntime.api.Tenant;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Proxy;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallersTest {

    private static final String ISSUER = "https://idp.test";

    @Test
    void aCallerIsTheTokensIssuerAndSubject() {
        Caller caller = Callers.of(request(Map.of("iss", ISSUER, "sub", "alice", "upn", "someone"), "agent-invoker"), "tenant");
        assertThat(caller).isEqualTo(new Caller(new Subject(ISSUER, "alice"), false));
    }

    @Test
    void anAdminIsOne() {
        assertThat(Callers.of(request(Map.of("iss", ISSUER, "sub", "root"), "agent-admin"), "tenant").admin()).isTrue();
    }

    @Test
    void aTenantIsTheIssuersOfItsName() {
        assertThat(Callers.of(request(Map.of("iss", ISSUER, "sub", "alice", "org", "red"), "agent-invoker"), "org").tenant())
                .isEqualTo(new Tenant(ISSUER, Tenant.Kind.NAMED, "red"));
        assertThat(Callers.of(request(Map.of("iss", ISSUER, "sub", "alice", "org", List.of("red")), "agent-invoker"), "org").tenant())
                .isEqualTo(new Tenant(ISSUER, Tenant.Kind.ALONE, "alice"));
    }

    @Test
    void aTokenWithoutASubjectOwnsNothingWhateverElseItNames() {
        refused(Map.of("iss", ISSUER, "upn", "alice", "preferred_username", "alice"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t", "\u00a0 ", "\u200b", "\ufeff"})
    void anEmptySubjectOwnsNothing(String subject) {
        refused(Map.of("iss", ISSUER, "sub", subject));
    }

    @Test
    void aTokenWithoutAnIssuerOwnsNothing() {
        refused(Map.of("sub", "alice"));
        refused(Map.of("iss", "", "sub", "alice"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\rb", "\0", "a\u001b[31m", "a\u007f", "a\u0085b", "a\u2028b", "a\u2029b", "a\ud83d"})
    void aNameThatWouldBreakALogIsRefused(String name) {
        refused(Map.of("iss", ISSUER, "sub", name));
        refused(Map.of("iss", name, "sub", "alice"));
        refused(Map.of("iss", ISSUER, "sub", "alice", "tenant", name));
    }

    @Test
    void aNameOfAThousandCharactersIsOneAndALongerOneIsNot() {
        String longest = "s".repeat(Callers.MOST_CHARACTERS);
        assertThat(Callers.of(request(Map.of("iss", longest, "sub", longest), "agent-invoker"), "tenant").subject().name()).isEqualTo(longest);
        refused(Map.of("iss", ISSUER, "sub", longest + "s"));
        refused(Map.of("iss", longest + "s", "sub", "alice"));
        refused(Map.of("iss", ISSUER, "sub", "alice", "tenant", longest + "s"));
    }

    @Test
    void lettersOfAllLanguagesAreFine() {
        String name = "J\u00fcrgen \u4f60\u597d \ud83d\ude00";
        assertThat(Callers.of(request(Map.of("iss", ISSUER, "sub", name), "agent-invoker"), "tenant").subject().name()).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({"Bearer a.b.c, true", "bearer a.b.c, true", "Basic YTpi, false", "Negotiate x, false", "Bearer, false", "'', false"})
    void aPrincipalCountsOnlyWhereATokenCame(String authorization, boolean counts) throws Exception {
        JsonWebToken byCookie = face(JsonWebToken.class, Map.of());
        HttpServletRequest request = face(HttpServletRequest.class, Map.of("getUserPrincipal", byCookie, "getHeader", authorization));
        assertThat(Callers.isVerified(request, face(HttpServletResponse.class, Map.of()))).isEqualTo(counts);
    }

    @Test
    void aTokenWithoutARoleIsRefused() {
        assertThatThrownBy(() -> Callers.of(request(Map.of("iss", ISSUER, "sub", "alice"), "nobody"), "tenant"))
                .isInstanceOf(RequestException.class).hasMessageContaining("agent-invoker");
    }

    @Test
    void aPrincipalThatIsNoTokenIsThePlatformsFault() {
        HttpServletRequest request = face(HttpServletRequest.class, Map.of("getUserPrincipal", face(Principal.class, Map.of())));
        assertThatThrownBy(() -> Callers.of(request, "tenant")).isInstanceOfSatisfying(RequestException.class,
                refused -> assertThat(refused.kind()).isEqualTo(Kind.PLATFORM));
    }

    private static void refused(Map<String, Object> claims) {
        assertThatThrownBy(() -> Callers.of(request(claims, "agent-invoker"), "tenant")).isInstanceOfSatisfying(
                RequestException.class, refused -> assertThat(refused.kind()).isEqualTo(Kind.FORBIDDEN));
    }

    private static HttpServletRequest request(Map<String, Object> claims, String role) {
        JsonWebToken token = (JsonWebToken) Proxy.newProxyInstance(JsonWebToken.class.getClassLoader(),
                new Class<?>[] {JsonWebToken.class}, (proxy, method, arguments) -> switch (method.getName()) {
                    case "getIssuer" -> claims.get("iss");
                    case "getSubject" -> claims.get("sub");
                    case "getName" -> claims.get("upn");
                    case "getClaim" -> claims.get((String) arguments[0]);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
        return (HttpServletRequest) Proxy.newProxyInstance(HttpServletRequest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class}, (proxy, method, arguments) -> switch (method.getName()) {
                    case "getUserPrincipal" -> token;
                    case "isUserInRole" -> Set.of(role).contains(arguments[0]);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private static <T> T face(Class<T> type, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type},
                (proxy, method, arguments) -> answers.get(method.getName())));
    }
}
