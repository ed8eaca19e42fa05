package dev.agentruntime.agentctl;

import com.sun.net.httpserver.HttpExchange;
import dev.agentruntime.client.ScriptedServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;

/** What the server of the golden tests has: the agents {@code hello}, which this API made, and {@code fixed} of server.xml; a session each. */
final class World {

    static final String SESSION = "session-000000000000000000000000000001";
    static final String ID = "hello-0123456789";

    static final String RUNTIME = "{\"name\":\"hello\",\"status\":\"READY\",\"digest\":\"9f86d081884c\",\"startMode\":\"clone\",\"liveSessions\":1,\"pooled\":1}";
    static final String FIXED = "{\"name\":\"fixed\",\"status\":\"CREATE_FAILED\",\"statusReason\":\"It has no entrypoint\",\"liveSessions\":0,\"pooled\":0}";
    static final String LIVE = """
            {"sessionId":"%s","runtime":"hello","digest":"9f86d081884c","status":"Idle","subject":"alice","issuer":"http://localhost/quickstart",\
            "createdAt":"2026-11-26T07:09:43Z","lastActivityAt":"2026-11-26T07:19:00Z","startMode":"primed","startMillis":49,"vm":"agrt-1",\
            "idleRuntimeSessionTimeout":900,"usage":{"cpuSeconds":1.5,"memoryGbSeconds":2.25,"peakMemoryBytes":134217728,"invocations":3,"source":"cgroup"}}"""
            .formatted(SESSION);
    static final String ENDED = LIVE.replace("Idle\"", "Terminated\"").replace("\"vm\"", "\"terminationReason\":\"It was stopped by alice\",\"vm\"")
            .replace("\"idleRuntimeSessionTimeout\":900,", "");
    private static final String BEGUN = LIVE.replace("Idle\"", "Provisioning\"").replace("\"vm\":\"agrt-1\",", "");
    private static final String DONE = "{\"contentStop\":{\"exitCode\":0,\"status\":\"COMPLETED\"}}";
    static final String VERSION = """
            {"agentRuntimeArn":"arn:aws:bedrock-agentcore:local:000000000000:runtime/%s","agentRuntimeId":"%s","agentRuntimeVersion":"%s","status":"READY",\
            "agentRuntimeName":"hello","lastUpdatedAt":"2026-11-26T07:00:00Z","artifactDigest":"sha256:9f86d081884c7d659a2feaa0c55ad015",\
            "roleArn":"arn:aws:iam::000000000000:role/agentctl","networkConfiguration":{"networkMode":"PUBLIC"},"environmentVariables":{"A":"b"},\
            "agentRuntimeArtifact":{"containerConfiguration":{"containerUri":"artifact:hello.war@sha256:9f"}}}""";
    private static final String ENDPOINT = "{\"name\":\"%s\",\"agentRuntimeId\":\"" + ID + "\",\"targetVersion\":\"%s\",\"liveVersion\":\"%s\",\"status\":\"READY\"}";
    private static final String LINE = "{\"number\":%d,\"time\":\"2026-11-26T07:09:43.127Z\",\"source\":\"%s\",\"severity\":\"%s\",\"text\":\"%s\"}";

    private World() {}

    static String version(int number) {
        return VERSION.formatted(ID, ID, number);
    }

    static String endpoint(String name, int version) {
        return ENDPOINT.formatted(name, version, version);
    }

    static ScriptedServer up() {
        ScriptedServer server = new ScriptedServer();
        AtomicBoolean deleted = new AtomicBoolean();
        String fixed = "{\"agentRuntimeId\":\"fixed-0123456789\",\"agentRuntimeName\":\"fixed\",\"agentRuntimeVersion\":\"1\",\"status\":\"CREATE_FAILED\",\"readOnly\":true}";
        dataPlane(server);
        return server.on("HEAD /runtimes", 200, "")
                .on("POST /runtimes/", 200, "{\"agentRuntimes\":[" + version(2) + "," + fixed + "]}")
                .on("GET /runtimes/" + ID + "/", exchange -> {
                    if (deleted.get()) {
                        ScriptedServer.send(exchange, 404, "{\"message\":\"There is no agent runtime " + ID + "\"}");
                    } else {
                        ScriptedServer.send(exchange, 200, version(number(exchange)));
                    }
                })
                .on("PUT /runtimes/" + ID + "/", 202, version(3).replace("READY", "UPDATING"))
                .on("DELETE /runtimes/" + ID + "/", exchange -> {
                    deleted.set(true);
                    ScriptedServer.send(exchange, 202, "{\"status\":\"DELETING\"}");
                })
                .on("POST /runtimes/" + ID + "/versions/", 200, "{\"agentRuntimes\":[" + version(1) + "," + version(2) + "]}")
                .on("POST /runtimes/" + ID + "/runtime-endpoints/", 200, "{\"runtimeEndpoints\":[" + endpoint("DEFAULT", 2) + "," + endpoint("beta", 1) + "]}")
                .on("GET /runtimes/" + ID + "/runtime-endpoints/DEFAULT/", 200, endpoint("DEFAULT", 2))
                .on("GET /runtimes/" + ID + "/runtime-endpoints/beta/", 200, endpoint("beta", 2))
                .on("PUT /runtimes/" + ID + "/runtime-endpoints/beta/", 202, endpoint("beta", 2).replace("READY", "UPDATING"))
                .on("DELETE /runtimes/" + ID + "/runtime-endpoints/beta/", 204, "")
                .on("PUT /artifacts/hello.war", 200, "{\"uri\":\"artifact:hello.war@sha256:aa\",\"digest\":\"sha256:aa\"}");
    }

    private static int number(HttpExchange exchange) {
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        return query.startsWith("version=") ? Integer.parseInt(query.substring("version=".length())) : 2;
    }

    private static void dataPlane(ScriptedServer server) {
        server.on("GET /runtimes", 200, "{\"runtimes\":[" + RUNTIME + "," + FIXED + "]}")
                .on("GET /runtimes/hello", 200, RUNTIME).on("GET /runtimes/fixed", 200, FIXED)
                .on("GET /runtimes/hello/sessions", 200, "{\"sessions\":[" + LIVE + "," + ENDED.replace("01\"", "02\"") + "]}")
                .on("GET /usage", World::usage)
                .on("GET /runtimes/fixed/sessions", 200, "{\"sessions\":[]}")
                .on("GET /runtimes/hello/sessions/" + SESSION, 200, LIVE)
                .on("DELETE /runtimes/hello/sessions/" + SESSION, 200, ENDED)
                .on("GET /runtimes/hello/sessions/" + SESSION + "/logs", World::log)
                .on("POST /runtimes/hello/sessions/" + SESSION + "/fork", 200, "{\"sessions\":[" + BEGUN.replace("01\"", "03\"") + "," + BEGUN.replace("01\"", "04\"") + "]}")
                .on("POST /runtimes/hello/sessions/" + SESSION + "/hibernate", 200, LIVE.replace("Idle\"", "Hibernated\""))
                .on("POST /runtimes/hello/commands", exchange -> command(server, exchange))
                .on("POST /runtimes/hello/invocations", World::invoked);
    }

    /** A copy out of the VM and a command that does nothing succeed; what else is asked for fails in part. */
    private static void command(ScriptedServer server, HttpExchange exchange) throws IOException {
        String asked = server.last().text();
        if (asked.contains("base64")) {
            events(exchange, "{\"contentDelta\":{\"stdout\":\"aGVsbG8=\\n\"}}", DONE);
        } else if (asked.contains("{\"command\":\":\"")) {
            events(exchange, "{\"contentStart\":{}}", DONE);
        } else {
            events(exchange, "{\"contentStart\":{}}", "{\"contentDelta\":{\"stdout\":\"hello.war\\n\"}}", "{\"contentDelta\":{\"stderr\":\"ls: x: No such file\\n\"}}",
                    DONE.replace("0", "1"));
        }
    }

    private static void usage(HttpExchange exchange) throws IOException {
        if (exchange.getRequestURI().getQuery().contains("format=csv")) {
            ScriptedServer.send(exchange, 200, "day,agent,subject,issuer,session,sessions\n,hello,,,,3\n", "Content-Type", "text/csv");
        } else {
            ScriptedServer.send(exchange, 200, "{\"from\":\"2026-10-28\",\"to\":\"2026-11-26\",\"usage\":[{\"day\":\"2026-11-26\",\"agent\":\"hello\",\"sessions\":3,\"invocations\":12,"
                    + "\"cpuSeconds\":18.000000000,\"memoryGbSeconds\":120.000000,\"wallSeconds\":60.000,\"cost\":0.0007625,\"currency\":\"USD\"}]}");
        }
    }

    private static void log(HttpExchange exchange) throws IOException {
        String first = LINE.formatted(17, "stdout", "info", "hello");
        String second = LINE.formatted(18, "messages", "error", "it \\u001b[31mfailed");
        if (exchange.getRequestURI().getQuery().contains("follow=true")) {
            ScriptedServer.send(exchange, 200, ":\n\nid: 17\ndata: " + first + "\n\nid: 18\ndata: " + second + "\n\nevent: end\ndata: {}\n\n",
                    "Content-Type", "text/event-stream");
        } else {
            ScriptedServer.send(exchange, 200, "{\"runtime\":\"hello\",\"sessionId\":\"" + SESSION + "\",\"lines\":[" + first + "," + second + "]}");
        }
    }

    private static void invoked(HttpExchange exchange) throws IOException {
        String[] session = {"X-Amzn-Bedrock-AgentCore-Runtime-Session-Id", SESSION, "X-Agent-Runtime-Session", "new", "Content-Type", "application/json"};
        if ("text/event-stream".equals(exchange.getRequestHeaders().getFirst("Accept"))) {
            session[5] = "text/event-stream";
            ScriptedServer.send(exchange, 200, "data: {\"token\":\"Hel\"}\n\ndata: {\"token\":\"lo\"}\n\n", session);
        } else {
            ScriptedServer.send(exchange, 200, "{\"greeting\":\"Hello, Ada!\"}", session);
        }
    }

    static void events(HttpExchange exchange, String... chunks) throws IOException {
        exchange.getResponseHeaders().set("X-Amzn-Bedrock-AgentCore-Runtime-Session-Id", SESSION);
        exchange.sendResponseHeaders(200, 0);
        for (String chunk : chunks) {
            exchange.getResponseBody().write(chunk(chunk));
        }
        exchange.close();
    }

    static byte[] chunk(String json) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new Message(Map.of(":message-type", HeaderValue.fromString("event"), ":event-type", HeaderValue.fromString("chunk")),
                json.getBytes(StandardCharsets.UTF_8)).encode(out);
        return out.toByteArray();
    }

    /** Every request that the world knows is answered alike. */
    static ScriptedServer answering(int status, String type, String message) {
        return new ScriptedServer().otherwise(exchange -> ScriptedServer.send(exchange, status, "{\"message\":\"" + message + "\"}", "x-amzn-ErrorType", type));
    }

    /** It knows nothing at the path that is asked for: the feature is not installed. */
    static ScriptedServer without() {
        return answering(404, "ResourceNotFoundException", "There is nothing at this path; agents are at /agents/runtimes");
    }

    /** Killed while it works in a session's VM, which it has found. */
    static ScriptedServer killedAtWork() {
        return killed().on("GET /runtimes/hello/sessions/" + SESSION, 200, LIVE);
    }

    /** Killed while it answers: of events the first has come, of other answers a part. */
    static ScriptedServer killed() {
        ScriptedServer server = new ScriptedServer();
        return server.otherwise(ScriptedServer.cutAfter("application/json", "{\"half\":"))
                .on("GET /runtimes/hello/sessions/" + SESSION + "/logs", ScriptedServer.cutAfter("text/event-stream", ":\n\ndata: " + LINE.formatted(17, "stdout", "info", "hello") + "\n\n"))
                .on("POST /runtimes/hello/invocations", ScriptedServer.cutAfter("text/event-stream", "data: {\"token\":\"Hel\"}\n\ndata: {\"tok"))
                .on("POST /runtimes/hello/commands", exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().write(chunk("{\"contentDelta\":{\"stdout\":\"" + (server.last().text().contains("base64") ? "aGVs" : "hello.war\\n") + "\"}}"));
                    exchange.getResponseBody().flush();
                    throw new IllegalStateException("cut, as the test wants it");
                });
    }
}
