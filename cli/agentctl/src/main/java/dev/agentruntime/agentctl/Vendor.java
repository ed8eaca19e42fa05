package dev.agentruntime.agentctl;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A vendor of OAuth2, as AgentCore names them.
 *
 * @param name as requests have it
 */
record Vendor(String name) {

    private static final String END = "Oauth2";
    private static final String CUSTOM = "CustomOauth2";
    private static final List<String> ALL = List.of(CUSTOM, "GoogleOauth2", "GithubOauth2", "SlackOauth2", "SalesforceOauth2", "MicrosoftOauth2", "AtlassianOauth2",
            "LinkedinOauth2", "XOauth2", "FacebookOauth2", "YandexOauth2", "RedditOauth2", "ZoomOauth2", "TwitchOauth2", "SpotifyOauth2", "DropboxOauth2", "NotionOauth2",
            "HubspotOauth2", "OktaOauth2", "OneLoginOauth2", "PingOneOauth2", "CyberArkOauth2", "FusionAuthOauth2", "Auth0Oauth2", "CognitoOauth2");
    /** Those that requests describe by a member of their own. */
    private static final Set<String> WITH_OWN_MEMBER = Set.copyOf(ALL.subList(0, 8));

    /** @param text with or without {@code Oauth2} at its end, in any case */
    static Optional<Vendor> of(String text) {
        return ALL.stream().filter(name -> name.equalsIgnoreCase(text) || word(name).equalsIgnoreCase(text)).findFirst().map(Vendor::new);
    }

    static List<String> words() {
        return ALL.stream().map(Vendor::word).map(word -> word.toLowerCase(Locale.ROOT)).toList();
    }

    private static String word(String name) {
        return name.substring(0, name.length() - END.length());
    }

    boolean isCustom() {
        return name.equals(CUSTOM);
    }

    /** The member of requests and answers that describes a client at this vendor. */
    String config() {
        return (WITH_OWN_MEMBER.contains(name) ? name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1, name.length() - END.length()) : "included")
                + "Oauth2ProviderConfig";
    }
}
