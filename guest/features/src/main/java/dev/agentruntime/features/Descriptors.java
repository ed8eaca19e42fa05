package dev.agentruntime.features;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What files that are no classes show of a WAR's needs. */
final class Descriptors {
    private static final int LONGEST = 1024 * 1024;
    private static final Pattern FACES = Pattern.compile("jakarta\\.faces|xmlns\\.jcp\\.org/jsf|java\\.sun\\.com/jsf");
    private static final Pattern PROVIDER = Pattern.compile("<provider>\\s*+([\\w.$]{1,255}+)\\s*+</provider>");
    /** By a word in web.xml and its kin, the kind of feature. */
    private static final Map<Pattern, String> WORDS = new LinkedHashMap<>();

    static {
        WORDS.put(Pattern.compile("<auth-method>\\s*MP-JWT\\s*<"), "mpJwt");
        WORDS.put(Pattern.compile("<(login-config|security-constraint|security-role|run-as)\\b"), "appSecurity");
        WORDS.put(Pattern.compile("jakarta\\.faces\\.webapp\\.FacesServlet"), "faces");
        WORDS.put(Pattern.compile("<(jsp-config|jsp-file)\\b"), "pages");
        WORDS.put(Pattern.compile("<data-source\\b|<res-type>\\s*javax\\.sql\\.DataSource\\s*<"), "jdbc");
        WORDS.put(Pattern.compile("<(persistence-context-ref|persistence-unit-ref)\\b"), "persistence");
        WORDS.put(Pattern.compile("<mail-session\\b|<res-type>\\s*jakarta\\.mail\\.Session\\s*<"), "mail");
        WORDS.put(Pattern.compile("<ejb-(local-)?ref\\b"), "enterpriseBeansLite");
    }

    private final Needs needs;

    Descriptors(Needs needs) {
        this.needs = needs;
    }

    /**
     * Looks at a file of the WAR, or of a library with its folder {@code META-INF}.
     *
     * @param name  its path, a library's without the library
     * @param shown its path for people
     */
    void look(String name, String shown, InputStream content) throws IOException {
        if (name.matches("(?s).*\\.(jsp|jspx|jspf|tag|tagx)")) {
            needs.kind("pages", shown);
        } else if (name.matches("(?s)(WEB-INF|META-INF)/(.*/)?[^/]*\\.tld")) {
            needs.kind("pages", shown);
        } else if (name.endsWith(".xhtml")) {
            if (FACES.matcher(text(content)).find()) {
                needs.kind("faces", shown);
            }
        } else if (name.matches("(?s)(WEB-INF/|META-INF/)(.*\\.)?faces-config\\.xml")) {
            needs.kind("faces", shown);
        } else if (name.equals("META-INF/persistence.xml")) {
            needs.kind("persistence", shown);
            Matcher provider = PROVIDER.matcher(text(content));
            while (provider.find()) {
                needs.provider(provider.group(1), shown);
            }
        } else if (name.matches("(?s)(WEB-INF|META-INF)/ejb-jar\\.xml")) {
            needs.kind("enterpriseBeansLite", shown);
        } else if (name.matches("(?s)(WEB-INF/)?(META-INF/)?batch-jobs/.*\\.xml")) {
            needs.missing("batch-2.1", shown);
        } else if (name.equals("WEB-INF/web.xml") || name.equals("META-INF/web-fragment.xml")) {
            lookAtWebXml(text(content), shown);
        }
    }

    private void lookAtWebXml(String text, String shown) {
        WORDS.forEach((word, kind) -> {
            if (word.matcher(text).find()) {
                needs.kind(kind, shown);
            }
        });
        if (text.contains("javax.faces.webapp.FacesServlet")) {
            needs.older("javax.faces.webapp.FacesServlet", shown);
        }
        if (text.contains("<message-destination-ref") || text.contains("jakarta.jms.")) {
            needs.missing("messaging-3.1", shown);
        }
        if (text.contains("<service-ref")) {
            needs.missing("xmlWS-4.0", shown);
        }
    }

    private static String text(InputStream content) throws IOException {
        return withoutComments(new String(content.readNBytes(LONGEST), StandardCharsets.UTF_8));
    }

    /** In one pass, also where many comments begin and none ends. */
    static String withoutComments(String text) {
        StringBuilder kept = new StringBuilder();
        int from = 0;
        for (int begin = text.indexOf("<!--"); begin >= 0; begin = text.indexOf("<!--", from)) {
            kept.append(text, from, begin);
            int end = text.indexOf("-->", begin + "<!--".length());
            if (end < 0) {
                return kept.toString();
            }
            from = end + "-->".length();
        }
        return kept.append(text, from, text.length()).toString();
    }
}
