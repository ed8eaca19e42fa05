package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnverifiedTokenTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"iss":"i","sub":"a\\nb"}                | sub
            {"iss":"i","sub":"a\\r\\nb"}             | sub
            {"iss":"i","sub":"a\\u2028b"}            | sub
            {"iss":"i\\n","sub":"alice"}             | iss
            {"sub":"alice","upn":"\\u0085"}          | upn
            {"sub":"a","preferred_username":"\\n"}   | preferred_username
            {"sub":"alice","groups":["a","b\\nc"]}   | groups""")
    void aNameWithAControlCharacterIsTold(String claims, String name) {
        assertThat(UnverifiedToken.claimThatIsNoName(token(claims))).contains(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "7", "", "{\"sub\":7}", "{\"sub\":\"alice\",\"note\":\"a\\nb\"}", "{\"sub\":\"J\u00fcrgen \u4f60\"}",
        "{\"sub\":", "{\"n\":1e99999999999}", "{\"groups\":[[[{}]]]}"})
    void otherClaimsTellNothing(String claims) {
        assertThat(UnverifiedToken.claimThatIsNoName(token(claims))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Bearer ", "Bearer a.b.c", "Bearer a.b", "Basic YTpi", "Bearer a.=.c", "Bearer a b.c.d", ". . . ."})
    void whatIsNoTokenTellsNothing(String authorization) {
        assertThat(UnverifiedToken.claimThatIsNoName(authorization)).isEmpty();
    }

    @Test
    void howeverDeepATokenIsNestedItIsNoTrouble() {
        assertThat(UnverifiedToken.claimThatIsNoName(token("{\"groups\":" + "[".repeat(100_000)))).isEmpty();
        assertThat(UnverifiedToken.claimThatIsNoName(token("{\"groups\":" + "[".repeat(900) + "]".repeat(900) + "}"))).isEmpty();
    }

    private static String token(String claims) {
        return "Bearer e30." + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(StandardCharsets.UTF_8)) + ".c2ln";
    }
}
