package dev.agentruntime.inbound;

import dev.agentruntime.api.InboundRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** One request of {@code sigv4-vectors.txt}, with its signature in both forms. */
record SignatureVector(String name, boolean normalized, boolean bodySigned, Optional<String> token, boolean tokenSigned, String method,
        String target, Map<String, List<String>> headers, String body, String signature, String presigned) {

    private static final String DATE_TIME = "20150830T123600Z";
    private static final String CREDENTIAL = "AKIDEXAMPLE/20150830/us-east-1/service/aws4_request";

    static List<SignatureVector> all() {
        try (InputStream in = SignatureVector.class.getResourceAsStream("/sigv4-vectors.txt")) {
            List<SignatureVector> all = new ArrayList<>();
            for (String block : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n\n")) {
                if (block.startsWith("case ")) {
                    all.add(read(block));
                }
            }
            return all;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SignatureVector read(String block) {
        Map<String, String> facts = new TreeMap<>();
        Map<String, List<String>> headers = new TreeMap<>();
        String last = "";
        for (String line : block.split("\n")) {
            if (line.startsWith(" ")) {
                List<String> values = headers.get(last);
                values.set(values.size() - 1, values.get(values.size() - 1) + "\n" + line);
                continue;
            }
            int space = line.indexOf(' ');
            String fact = line.substring(space + 1);
            if (line.startsWith("header ")) {
                last = fact.substring(0, fact.indexOf(':')).toLowerCase(Locale.ROOT);
                headers.computeIfAbsent(last, name -> new ArrayList<>()).add(fact.substring(fact.indexOf(':') + 1));
            } else {
                facts.put(line.substring(0, space), fact);
            }
        }
        String request = facts.get("request");
        int space = request.indexOf(' ');
        return new SignatureVector(facts.get("case"), facts.get("normalized").equals("true"), facts.get("sign-body").equals("true"),
                Optional.ofNullable(facts.get("token")), !"false".equals(facts.get("token-signed")), request.substring(0, space),
                request.substring(space + 1), headers, facts.getOrDefault("body", ""), facts.get("signature"), facts.get("presigned"));
    }

    InboundRequest inHeaders() {
        Map<String, List<String>> all = new TreeMap<>(headers);
        all.put("x-amz-date", List.of(DATE_TIME));
        if (bodySigned) {
            all.put("x-amz-content-sha256", List.of(SigningKey.sha256(body.getBytes(StandardCharsets.UTF_8))));
        }
        token.ifPresent(value -> all.put("x-amz-security-token", List.of(value)));
        InboundRequest request = request(target, all);
        all.put("authorization", List.of("AWS4-HMAC-SHA256 Credential=" + CREDENTIAL + ", SignedHeaders=" + String.join(";", signedHeaders(request))
                + ", Signature=" + signature));
        return request(target, all);
    }

    /** All, but a token that was added later. */
    List<String> signedHeaders(InboundRequest request) {
        return request.headers().keySet().stream().filter(name -> !name.equals("authorization"))
                .filter(name -> tokenSigned || !name.equals("x-amz-security-token")).sorted().toList();
    }

    InboundRequest inQuery() {
        String query = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" + CREDENTIAL.replace("/", "%2F") + "&X-Amz-Date=" + DATE_TIME
                + "&X-Amz-SignedHeaders=" + String.join("%3B", headers.keySet()) + "&X-Amz-Expires=3600"
                + token.map(value -> "&X-Amz-Security-Token=" + Canonical.encode(value)).orElse("") + "&X-Amz-Signature=" + presigned;
        return request(target + (target.contains("?") ? "&" : "?") + query, headers);
    }

    private InboundRequest request(String to, Map<String, List<String>> all) {
        int mark = to.indexOf('?');
        return new InboundRequest(method, mark < 0 ? to : to.substring(0, mark), mark < 0 ? "" : to.substring(mark + 1), all,
                Optional.of("InvokeAgentRuntime"), Optional.of("hello"), !body.isEmpty());
    }

    /** As S3 has it signed. */
    String unnormalizedPath() {
        return Arrays.stream(request(target, headers).rawPath().split("/", -1)).map(Canonical::encode).collect(Collectors.joining("/"));
    }

    @Override
    public String toString() {
        return name;
    }
}
