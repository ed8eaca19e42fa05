package dev.agentruntime.egress;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.Locale;

/** A header that the host adds. Its value is in no text. */
record Credential(String header, String value) {

    /** Whatever a server could read as the same header stays behind: CGI and WSGI make X-Api-Key and X_Api_Key one variable. */
    void putInto(HttpHeaders headers) {
        String variable = variable(header);
        headers.names().stream().filter(name -> variable(name).equals(variable)).forEach(headers::remove);
        headers.set(header, value);
    }

    private static String variable(String name) {
        return name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    @Override
    public String toString() {
        return header + ": ...";
    }
}
