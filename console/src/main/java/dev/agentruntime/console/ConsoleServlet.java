package dev.agentruntime.console;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;

/** Brings requests to the {@link Console} and its answers back. It serves every path below its root, so that the container serves no file. */
public final class ConsoleServlet extends HttpServlet {

    private static final long serialVersionUID = 1;
    /** A form that ends a page of sessions has less. */
    private static final int LONGEST_FORM = 64 * 1024;
    /** A proxy may put any word in the place of an address: none is looked up. */
    private static final Pattern LOOPBACK = Pattern.compile("127(\\.[0-9]{1,3}){3}|::1|0:0:0:0:0:0:0:1");

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws ServletException, IOException {
        BundleContext context = FrameworkUtil.getBundle(ConsoleServlet.class).getBundleContext();
        ServiceReference<Console> reference = context.getServiceReference(Console.class);
        Console console = reference == null ? null : context.getService(reference);
        if (console == null) {
            send(new Answer(503, Map.of("Retry-After", "5"), "text/plain; charset=utf-8",
                    "The agent runtime is not there yet, or its configuration was refused; see the AGRT messages in the log."), request, response);
            return;
        }
        Answer answer;
        try {
            answer = console.answer(asked(request), new RegistryDoor(request));
        } catch (IllegalArgumentException malformed) {
            answer = new Answer(400, Map.of(), "text/plain; charset=utf-8", "The request cannot be read.");
        }
        send(answer, request, response);
    }

    private static Asked asked(HttpServletRequest request) throws IOException {
        String path = request.getServletPath() + (request.getPathInfo() == null ? "" : request.getPathInfo());
        return new Asked(request.getMethod(), path.isEmpty() ? "/" : path, Fields.of(request.getQueryString() == null ? "" : request.getQueryString()),
                request.getMethod().equals("POST") ? form(request) : Fields.NONE, visit(request), Optional.ofNullable(request.getHeader("Sec-Fetch-Site")),
                request.getContextPath(), request.getRemoteAddr(), link(request));
    }

    private static Fields form(HttpServletRequest request) throws IOException {
        byte[] body = request.getInputStream().readNBytes(LONGEST_FORM + 1);
        if (body.length > LONGEST_FORM) {
            throw new IllegalArgumentException("A form has " + LONGEST_FORM + " bytes at most");
        }
        return Fields.of(new String(body, StandardCharsets.US_ASCII));
    }

    private static Optional<String> visit(HttpServletRequest request) {
        return Stream.ofNullable(request.getCookies()).flatMap(Arrays::stream).filter(cookie -> cookie.getName().equals(Console.COOKIE)).map(Cookie::getValue)
                .findFirst();
    }

    private static Asked.Link link(HttpServletRequest request) {
        if (request.isSecure()) {
            return Asked.Link.SECURE;
        }
        return LOOPBACK.matcher(request.getRemoteAddr()).matches() ? Asked.Link.LOCAL : Asked.Link.OPEN;
    }

    private static void send(Answer answer, HttpServletRequest request, HttpServletResponse response) throws IOException {
        // A token that Liberty has looked at for itself leaves a challenge behind.
        response.reset();
        response.setStatus(answer.status());
        answer.headers().forEach(response::setHeader);
        response.setContentType(answer.type());
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        response.setContentLength(body.length);
        if (!request.getMethod().equals("HEAD")) {
            response.getOutputStream().write(body);
        }
    }
}
