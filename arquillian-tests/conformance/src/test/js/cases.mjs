// Every case prints one line of JSON: its name, and what the client answered or threw.
import { BedrockAgentCoreClient, InvokeAgentRuntimeCommand, InvokeAgentRuntimeCommandCommand } from "@aws-sdk/client-bedrock-agentcore";
import { SignatureV4 } from "@smithy/signature-v4";
import { createHash, createHmac } from "node:crypto";

const { endpoint, region, keyId, secret, narrowKeyId, serversToken, ownToken } = JSON.parse(process.argv[2]);
const ARN = "arn:aws:bedrock-agentcore:eu-central-1:123456789012:runtime/";

const withKey = (accessKeyId = keyId, secretAccessKey = secret, more = {}) =>
  new BedrockAgentCoreClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1, ...more });

const withToken = token => {
  const client = new BedrockAgentCoreClient({ endpoint, region, token: { token }, authSchemePreference: ["httpBearerAuth"], maxAttempts: 1,
    credentials: { accessKeyId: "", secretAccessKey: "" }, signer: { sign: async request => request } });
  client.middlewareStack.add(next => args => {
    args.request.headers.authorization = `Bearer ${token}`;
    return next(args);
  }, { step: "finalizeRequest", priority: "low", name: "bearer" });
  return client;
};

// What somebody does to a request on its way, when it is signed already.
const onTheWay = (client, change) => {
  client.middlewareStack.add(next => args => {
    change(args.request);
    return next(args);
  }, { step: "finalizeRequest", priority: "low", name: "onTheWay" });
  return client;
};

const invoke = (client, agent, more = {}) => client.send(new InvokeAgentRuntimeCommand({
  agentRuntimeArn: agent, contentType: "application/json", payload: new TextEncoder().encode('{"prompt":"hello"}'), ...more }));

class Sha256 {
  constructor(key) { this.hash = key ? createHmac("sha256", key) : createHash("sha256"); }
  update(data) { this.hash.update(data); }
  async digest() { return new Uint8Array(this.hash.digest()); }
}

const signedUrl = async (accessKeyId, agent) => {
  const signer = new SignatureV4({ service: "bedrock-agentcore", region, sha256: Sha256, credentials: { accessKeyId, secretAccessKey: secret } });
  const url = new URL(`${endpoint}/runtimes/${agent}/invocations`);
  const signed = await signer.presign({ method: "POST", protocol: url.protocol, hostname: url.hostname, port: Number(url.port), path: url.pathname,
    query: {}, headers: { host: url.host }, body: "hello" }, { expiresIn: 300 });
  return `${url}?${Object.entries(signed.query).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&")}`;
};

const post = async url => {
  const answer = await fetch(url, { method: "POST", body: "hello", headers: { "content-type": "text/plain" } });
  return { status: answer.status, name: answer.headers.get("x-amzn-errortype") ?? "", text: await answer.text() };
};

// What a command in the session's VM says, put together from its events.
const run = async (client, agent, body) => {
  const answer = await client.send(new InvokeAgentRuntimeCommandCommand({ agentRuntimeArn: agent, contentType: "application/json", body }));
  const said = { stdout: "", stderr: "" };
  let begun = 0;
  let stop = {};
  for await (const event of answer.stream) {
    begun += event.chunk?.contentStart ? 1 : 0;
    said.stdout += event.chunk?.contentDelta?.stdout ?? "";
    said.stderr += event.chunk?.contentDelta?.stderr ?? "";
    stop = event.chunk?.contentStop ?? stop;
  }
  return { status: answer.statusCode, session: answer.runtimeSessionId, text: `${begun} ${said.stdout} ${said.stderr} ${stop.exitCode} ${stop.status}` };
};

const old = milliseconds => withKey(keyId, secret, { systemClockOffset: milliseconds });

const cases = {
  key: () => invoke(withKey(), "hello"),
  keyByArn: () => invoke(withKey(), ARN + "hello", { qualifier: "DEFAULT", runtimeUserId: "ada" }),
  serversToken: () => invoke(withToken(serversToken), "hello"),
  ownToken: () => invoke(withToken(ownToken), ARN + "own"),
  otherBody: () => invoke(onTheWay(withKey(), request => { request.body = new TextEncoder().encode('{"prompt":"jello"}'); }), "hello"),
  otherHeader: () => invoke(onTheWay(withKey(), request => { request.headers["X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"] = "s".repeat(40); }), "hello"),
  otherPath: () => invoke(onTheWay(withKey(), request => { request.path = request.path.replace("hello", "signed"); }), "hello"),
  oldDate: () => invoke(old(-6 * 60_000), "hello"),
  futureDate: () => invoke(old(6 * 60_000), "hello"),
  wrongClockThatIsSetRight: () => invoke(withKey(keyId, secret, { systemClockOffset: -3_600_000, maxAttempts: 3 }), "hello"),
  unknownKey: () => invoke(withKey("AKNOBODY01"), "hello"),
  wrongSecret: () => invoke(withKey(keyId, "another secret of some length"), "hello"),
  wrongRegion: () => invoke(withKey(keyId, secret, { region: "us-east-1" }), "hello"),
  wrongService: () => invoke(withKey(keyId, secret, { signer: new SignatureV4({ service: "s3", region, sha256: Sha256, credentials: { accessKeyId: keyId, secretAccessKey: secret } }) }), "hello"),
  bodyTooLarge: () => invoke(withToken(serversToken), "hello", { payload: new Uint8Array(100_000_001) }),
  missingRight: () => invoke(withKey(narrowKeyId), "signed"),
  missingRightToNameUsers: () => invoke(withKey(narrowKeyId), "hello", { runtimeUserId: "ada" }),
  signatureWhereTokensOpen: () => invoke(withKey(), "tokens"),
  tokenWhereSignaturesOpen: () => invoke(withToken(serversToken), "signed"),
  tokenOfAnotherIssuer: () => invoke(withToken(serversToken), "own"),
  command: () => run(withKey(), ARN + "hello", { command: "say grüß; exit 4", timeout: 5 }),
  commandByToken: () => run(withToken(serversToken), "hello", { command: "say hello" }),
  commandThatTakesTooLong: () => run(withKey(), "hello", { command: "sleep 9", timeout: 1 }),
  commandWithAnOddTimeout: () => run(withKey(), "hello", { command: "ls", timeout: 3601 }),
  commandWithoutTheRight: () => run(withKey(narrowKeyId), "hello", { command: "ls" }),
  signedUrl: async () => post(await signedUrl(keyId, "hello")),
  signedUrlAgain: async () => {
    const url = await signedUrl(keyId, "hello");
    await post(url);
    return post(url);
  },
  signedUrlWithoutRight: async () => post(await signedUrl(narrowKeyId, "signed")),
};

for (const [name, run] of Object.entries(cases)) {
  let told;
  try {
    const answer = await run();
    told = answer.response ? { status: answer.$metadata.httpStatusCode, name: "", session: answer.runtimeSessionId, text: await answer.response.transformToString() } : answer;
  } catch (e) {
    told = { status: e.$metadata?.httpStatusCode ?? 0, name: e.name, typed: e.constructor.name, text: e.message };
  }
  console.log(JSON.stringify({ case: name, ...told }));
}
