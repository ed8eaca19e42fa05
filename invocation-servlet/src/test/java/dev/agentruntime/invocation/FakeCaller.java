package dev.agentruntime.invocation;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;

/**
 * A caller with one request, as far as a servlet sees it: request, response and asynchronous context. A method of the
 * servlet API that is not here is not called by the code under test.
 */
public final class FakeCaller {

    final FakeInput in = new FakeInput();
    final FakeOutput out = new FakeOutput();
    final CountDownLatch completed = new CountDownLatch(1);

    private final Map<String, List<String>> requestHeaders = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final Map<String, String> parameters = new TreeMap<>();
    private final HttpServletRequest request = face(HttpServletRequest.class);
    private final HttpServletResponse response = face(HttpServletResponse.class);
    private final AsyncContext async = face(AsyncContext.class);
    private volatile int status = 200;
    private volatile boolean asyncStarted;
    private long contentLength = -1;
    private String method = "POST";
    private String protocol = "HTTP/1.1";
    private String query;

    HttpServletRequest request() {
        return request;
    }

    HttpServletResponse response() {
        return response;
    }

    FakeCaller header(String name, String value) {
        requestHeaders.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
        return this;
    }

    FakeCaller parameter(String name, String value) {
        parameters.put(name, value);
        return this;
    }

    FakeCaller method(String name) {
        method = name;
        return this;
    }

    FakeCaller query(String raw) {
        query = raw;
        return this;
    }

    FakeCaller protocol(String name) {
        protocol = name;
        return this;
    }

    /** A whole body of known length. */
    FakeCaller body(byte[] body) {
        contentLength = body.length;
        in.feed(body);
        in.end();
        return this;
    }

    /** A body whose parts come later. */
    FakeCaller bodyOfLength(long length) {
        contentLength = length;
        return this;
    }

    String answer() {
        return out.text();
    }

    int status() {
        return status;
    }

    List<String> answerHeaders(String name) {
        return headers.getOrDefault(name, List.of());
    }

    // The servlet API from here on.

    public String getMethod() {
        return method;
    }

    public String getRequestURI() {
        return "/agents/runtimes/echo/invocations";
    }

    public String getQueryString() {
        return query;
    }

    public String getScheme() {
        return "http";
    }

    public String getContextPath() {
        return "/agents";
    }

    public String getCharacterEncoding() {
        return null;
    }

    public String getServerName() {
        return "localhost";
    }

    public int getServerPort() {
        return 9080;
    }

    public boolean isSecure() {
        return false;
    }

    public String getProtocol() {
        return protocol;
    }

    public String getParameter(String name) {
        return parameters.get(name);
    }

    public String getHeader(String name) {
        return requestHeaders.getOrDefault(name, List.of()).stream().findFirst().orElse(null);
    }

    public Enumeration<String> getHeaders(String name) {
        return Collections.enumeration(requestHeaders.getOrDefault(name, List.of()));
    }

    public Enumeration<String> getHeaderNames() {
        return Collections.enumeration(requestHeaders.keySet());
    }

    public long getContentLengthLong() {
        return contentLength;
    }

    public ServletInputStream getInputStream() {
        return in;
    }

    public AsyncContext startAsync() {
        asyncStarted = true;
        return async;
    }

    public void setTimeout(long millis) {
        if (millis != 0) {
            throw new IllegalArgumentException("An invocation has limits of its own");
        }
    }

    public void complete() {
        if (!asyncStarted || completed.getCount() == 0) {
            throw new IllegalStateException("complete() although the request is over");
        }
        completed.countDown();
        out.end();
    }

    public boolean isCommitted() {
        return out.committed();
    }

    public void reset() {
        if (isCommitted()) {
            throw new IllegalStateException("committed");
        }
        status = 200;
        headers.clear();
    }

    public void setStatus(int code) {
        status = code;
    }

    public void setHeader(String name, String value) {
        headers.put(name, new ArrayList<>(List.of(value)));
    }

    public void addHeader(String name, String value) {
        headers.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
        // Liberty's own limit.
        if (headers.values().stream().mapToInt(List::size).sum() > 500) {
            throw new IllegalArgumentException("Too many headers in storage: 501");
        }
    }

    public String getHeaderOfAnswer(String name) {
        return answerHeaders(name).stream().findFirst().orElse(null);
    }

    public Collection<String> getHeaderNamesOfAnswer() {
        return headers.keySet();
    }

    public Collection<String> getHeadersOfAnswer(String name) {
        return answerHeaders(name);
    }

    public boolean containsHeader(String name) {
        return headers.containsKey(name);
    }

    public void setContentType(String type) {
        setHeader("Content-Type", type);
    }

    public void setContentLength(int length) {
        setHeader("Content-Length", Integer.toString(length));
    }

    public void setContentLengthLong(long length) {
        setHeader("Content-Length", Long.toString(length));
    }

    public void flushBuffer() throws java.io.IOException {
        out.commit();
    }

    public ServletOutputStream getOutputStream() {
        return out;
    }

    @Override
    public String toString() {
        return status + " " + headers + "\n" + new String(out.bytes(), StandardCharsets.UTF_8);
    }

    private <T> T face(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            try {
                return counterpart(type, method).invoke(this, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }

    private static Method counterpart(Class<?> type, Method method) throws NoSuchMethodException {
        boolean ofAnswer = type == HttpServletResponse.class && method.getName().startsWith("getHeader");
        return FakeCaller.class.getMethod(method.getName() + (ofAnswer ? "OfAnswer" : ""), method.getParameterTypes());
    }
}
