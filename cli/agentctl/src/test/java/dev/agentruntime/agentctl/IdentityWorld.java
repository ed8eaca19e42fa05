package dev.agentruntime.agentctl;

import com.sun.net.httpserver.HttpExchange;
import dev.agentruntime.client.ScriptedServer;
import java.io.IOException;

/** A server with identities: a workload, a provider of each type, one of server.xml, and a grant. */
final class IdentityWorld {

    private static final String TIMES = "\"createdTime\":1795676400.000,\"lastUpdatedTime\":1795676460.500";
    static final String WORKLOAD = "{\"name\":\"orders\",\"workloadIdentityArn\":\"arn:aws:bedrock-agentcore:local:000000000000:workload-identity-directory/default/"
            + "workload-identity/orders\",\"allowedResourceOauth2ReturnUrls\":[\"https://orders.example.com/back\"]," + TIMES + "}";
    static final String KEY = "{\"name\":\"openai\",\"credentialProviderArn\":\"arn:aws:acps:local:000000000000:token-vault/default/apikeycredentialprovider/openai\","
            + "\"apiKeySecretArn\":{\"secretArn\":\"arn:aws:secretsmanager:local:000000000000:secret:x\"},\"apiKeySecretSource\":\"MANAGED\","
            + "\"allowedWorkloads\":[\"orders\"]," + TIMES + "}";
    static final String CLIENT = "{\"name\":\"github\",\"credentialProviderArn\":\"arn:aws:acps:local:000000000000:token-vault/default/oauth2credentialprovider/github\","
            + "\"clientSecretSource\":\"MANAGED\",\"credentialProviderVendor\":\"GithubOauth2\",\"status\":\"READY\",\"oauth2ProviderConfigOutput\":{\"githubOauth2ProviderConfig\":"
            + "{\"oauthDiscovery\":{\"authorizationServerMetadata\":{\"issuer\":\"https://github.com\"}},\"clientId\":\"Iv1.0123\"}},"
            + "\"callbackUrl\":\"https://agents.example.com/agents/identities/oauth2/callback/github\"," + TIMES + "}";
    static final String GRANT = "{\"grantId\":\"9f86d081\",\"workloadName\":\"orders\",\"issuer\":\"https://idp.example.com\",\"subject\":\"alice\","
            + "\"resourceCredentialProviderName\":\"github\",\"scopes\":[\"read\",\"repo\"],\"createdAt\":1795676400.000,\"updatedAt\":1795676460.500}";

    private IdentityWorld() {}

    static ScriptedServer up() {
        ScriptedServer server = World.up();
        return lists(server, "[" + WORKLOAD + "]", "[" + KEY + "]", "[" + CLIENT + "]", "[" + GRANT + "]")
                .on("DELETE /identities/grants/9f86d081", 204, "")
                .on("POST /identities/GetWorkloadIdentity", exchange -> named(server, exchange, "orders", WORKLOAD))
                .on("POST /identities/UpdateWorkloadIdentity", exchange -> changed(server, exchange, "orders", WORKLOAD))
                .on("POST /identities/UpdateApiKeyCredentialProvider", exchange -> changed(server, exchange, "openai", KEY))
                .on("POST /identities/UpdateOauth2CredentialProvider", exchange -> changed(server, exchange, "github", CLIENT))
                .on("POST /identities/CreateWorkloadIdentity", 201, WORKLOAD).on("POST /identities/DeleteWorkloadIdentity", 204, "")
                .on("POST /identities/GetApiKeyCredentialProvider", exchange -> named(server, exchange, "openai", KEY))
                .on("POST /identities/GetOauth2CredentialProvider", exchange -> named(server, exchange, "github", CLIENT))
                .on("POST /identities/CreateApiKeyCredentialProvider", 201, KEY).on("POST /identities/CreateOauth2CredentialProvider", 201, CLIENT)
                .on("POST /identities/DeleteApiKeyCredentialProvider", 204, "").on("POST /identities/DeleteOauth2CredentialProvider", 204, "");
    }

    private static void changed(ScriptedServer server, HttpExchange exchange, String name, String view) throws IOException {
        if (server.last().text().startsWith("{\"name\":\"" + name + "\"")) {
            ScriptedServer.send(exchange, 200, view);
        } else {
            refused(exchange, 404, "ResourceNotFoundException", "There is nothing of this name.");
        }
    }

    private static void named(ScriptedServer server, HttpExchange exchange, String name, String view) throws IOException {
        if (server.last().text().equals("{\"name\":\"" + name + "\"}")) {
            ScriptedServer.send(exchange, 200, view);
        } else {
            refused(exchange, 404, "ResourceNotFoundException", "There is nothing of this name.");
        }
    }

    private static void refused(HttpExchange exchange, int status, String type, String message) throws IOException {
        ScriptedServer.send(exchange, status, "{\"message\":\"" + message + "\"}", "x-amzn-ErrorType", type);
    }

    private static ScriptedServer lists(ScriptedServer server, String workloads, String keys, String clients, String grants) {
        return server.on("POST /identities/ListWorkloadIdentities", 200, "{\"workloadIdentities\":" + workloads + "}")
                .on("POST /identities/ListApiKeyCredentialProviders", 200, "{\"credentialProviders\":" + keys + "}")
                .on("POST /identities/ListOauth2CredentialProviders", 200, "{\"credentialProviders\":" + clients + "}")
                .on("GET /identities/grants", 200, "{\"grants\":" + grants + "}");
    }

    /** It has the feature, and nothing else; what is to be made is there already. */
    static ScriptedServer empty() {
        ScriptedServer server = new ScriptedServer();
        return lists(server, "[]", "[]", "[]", "[]").otherwise(exchange -> {
            if (exchange.getRequestURI().getPath().contains("/Create")) {
                refused(exchange, 409, "ConflictException", "There is one of this name already. Choose another name.");
            } else {
                refused(exchange, 404, "ResourceNotFoundException", "There is nothing of this name.");
            }
        });
    }
}
