package dev.agentruntime.invocation;

import dev.agentruntime.api.BodyCheck;
import dev.agentruntime.api.BodyRefusedException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A request whose caller has signed it, so that its body has to be the one that was signed. */
final class JudgedRequest extends HttpServletRequestWrapper {

    private static final String CONTENT_ENCODING = "content-encoding";
    /** The signatures in a body, of which nobody behind the front door gets to know. */
    private static final String CHUNKED = "aws-chunked";

    private final BodyCheck check;
    private final Optional<ServletInputStream> body;

    /** @param body what was read already, where it was */
    JudgedRequest(HttpServletRequest request, BodyCheck check, Optional<ServletInputStream> body) {
        super(request);
        this.check = check;
        this.body = body;
    }

    /** What the body of {@code request} has to pass, for who reads it as {@link #bodyOf} gives it. */
    static BodyCheck checkOf(HttpServletRequest request) {
        return request instanceof JudgedRequest judged ? judged.check : BodyCheck.NONE;
    }

    /** The body as it comes, for who has it checked. */
    static ServletInputStream bodyOf(HttpServletRequest request) throws IOException {
        return request instanceof JudgedRequest judged ? judged.unchecked() : request.getInputStream();
    }

    /** The body, paced and checked, for who reads all of it by blocking. */
    static ServletInputStream wholeBodyOf(HttpServletRequest request) throws IOException {
        return request instanceof JudgedRequest judged ? judged.getInputStream() : new PacedBody(request.getInputStream(), PacedBody.Pace.USUAL);
    }

    private ServletInputStream unchecked() throws IOException {
        return body.isPresent() ? body.get() : super.getInputStream();
    }

    @Override
    public long getContentLengthLong() {
        return check.length().orElse(super.getContentLengthLong());
    }

    /** For who knows nothing of checks and reads until the end: throws {@link BodyRefusedException} where that is not the right one, or late. */
    @Override
    public ServletInputStream getInputStream() throws IOException {
        return new CheckedBody(new PacedBody(unchecked(), PacedBody.Pace.USUAL), check);
    }

    @Override
    public BufferedReader getReader() throws IOException {
        return new BufferedReader(new InputStreamReader(getInputStream(),
                Optional.ofNullable(getCharacterEncoding()).map(Charset::forName).orElse(StandardCharsets.UTF_8)));
    }

    @Override
    public int getContentLength() {
        long length = getContentLengthLong();
        return length > Integer.MAX_VALUE ? -1 : (int) length;
    }

    @Override
    public Enumeration<String> getHeaderNames() {
        return Collections.enumeration(Collections.list(super.getHeaderNames()).stream()
                .filter(name -> !name.equalsIgnoreCase(CONTENT_ENCODING) || !codings().isEmpty()).toList());
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
        return name.equalsIgnoreCase(CONTENT_ENCODING) ? Collections.enumeration(codings()) : super.getHeaders(name);
    }

    private List<String> codings() {
        return Collections.list(super.getHeaders(CONTENT_ENCODING)).stream()
                .map(value -> Arrays.stream(value.split(",")).map(String::strip).filter(coding -> !coding.equalsIgnoreCase(CHUNKED))
                        .collect(Collectors.joining(", ")))
                .filter(value -> !value.isEmpty()).toList();
    }
}
