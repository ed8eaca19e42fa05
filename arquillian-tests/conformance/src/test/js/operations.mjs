// What JavaOperations does, by AWS's clients for JavaScript. Prints one line of JSON for each case: its name, and what went wrong.
import * as control from "@aws-sdk/client-bedrock-agentcore-control";
import * as data from "@aws-sdk/client-bedrock-agentcore";
import { SignatureV4 } from "@smithy/signature-v4";
import { createHash, createHmac, randomBytes, randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import assert from "node:assert/strict";

const { endpoint, page, region, keyId, otherKeyId, secret, narrow, first, second, part } = JSON.parse(process.argv[2]);
const settings = accessKeyId => ({ endpoint, region, credentials: { accessKeyId, secretAccessKey: secret } });
const roleArn = "arn:aws:iam::123456789012:role/agents";
const artifact = containerUri => ({ containerConfiguration: { containerUri } });
const custom = "x-amzn-bedrock-agentcore-runtime-custom-";
const clientToken = randomUUID();
let id, arn;

const run = async (name, attempt) => {
  let failure = "";
  try {
    await attempt();
  } catch (e) {
    failure = String(e.stack ?? e);
  }
  console.log(JSON.stringify({ case: name, failure }));
};
const refused = async (promise, name) => {
  const failure = await promise.then(() => assert.fail("it is not refused"), e => e);
  assert.equal(failure.name, name, failure.message);
  return failure;
};
const until = async (ask, held, seconds = 480) => {
  for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
    const answer = await ask();
    if (held(answer)) return answer;
    await new Promise(done => setTimeout(done, 200));
  }
  throw new Error("it took too long");
};
const runtime = () => admin.send(new control.GetAgentRuntimeCommand({ agentRuntimeId: id }));
const ready = () => until(runtime, shown => {
  assert(!shown.status.endsWith("_FAILED"), shown.failureReason);
  return shown.status === "READY";
});
const serves = (endpointName, version) => until(() => admin.send(new control.GetAgentRuntimeEndpointCommand({ agentRuntimeId: id, endpointName })),
  shown => shown.status === "READY" && shown.liveVersion === version, 180);
const create = (agentRuntimeName, token) => admin.send(new control.CreateAgentRuntimeCommand({ agentRuntimeName, roleArn, clientToken: token, description: "a parrot",
  agentRuntimeArtifact: artifact(first), environmentVariables: { MODE: "polite" }, tags: { team: "blue" }, networkConfiguration: { networkMode: "PUBLIC" },
  lifecycleConfiguration: { idleRuntimeSessionTimeout: 600, maxLifetime: 3600 } }));
const update = containerUri => admin.send(new control.UpdateAgentRuntimeCommand({ agentRuntimeId: id, roleArn, agentRuntimeArtifact: artifact(containerUri) }));

// The headers of each answer are kept with it: the client shows those of the model only.
const watched = client => {
  client.middlewareStack.add(next => async args => {
    const result = await next(args);
    result.output.headers = result.response.headers;
    return result;
  }, { step: "initialize", name: "headers" });
  return client;
};
const admin = new control.BedrockAgentCoreControlClient(settings(keyId));
const caller = watched(new data.BedrockAgentCoreClient(settings(keyId)));
const other = watched(new data.BedrockAgentCoreClient(settings(otherKeyId)));
const once = watched(new data.BedrockAgentCoreClient({ ...settings(keyId), maxAttempts: 1 }));
// AgentCore takes it, and the published client leaves it out as it does not know it: it is put into what is about to be signed and sent.
const hooksConfiguration = { build: { warmup: { action: { httpPost: { path: "/warm", port: 8080 } } } } };
admin.middlewareStack.add((next, { commandName }) => args => {
  if (commandName === "CreateAgentRuntimeCommand") args.request.body = JSON.stringify({ ...JSON.parse(Buffer.from(args.request.body)), hooksConfiguration });
  return next(args);
}, { step: "build", priority: "high", name: "hooks" });

const ask = (agentRuntimeArn, more = {}, client = caller) => client.send(new data.InvokeAgentRuntimeCommand(
  { agentRuntimeArn, contentType: "text/plain", payload: Buffer.from("hello"), ...more }));
const said = async (...of) => (await ask(...of)).response.transformToString();
const header = async (name, ...of) => {
  const answer = await ask(...of);
  await answer.response.transformToByteArray();
  return answer.headers[custom + name];
};
const session = async (agent, client = caller) => {
  const answer = await ask(agent, {}, client);
  await answer.response.transformToByteArray();
  return answer.runtimeSessionId;
};
const stop = async (agentRuntimeArn, runtimeSessionId, client = caller) =>
  assert.equal((await client.send(new data.StopRuntimeSessionCommand({ agentRuntimeArn, runtimeSessionId }))).runtimeSessionId, runtimeSessionId);

const make = async () => {
  await run("CreateAgentRuntime: an uploaded WAR becomes READY", async () => {
    ({ agentRuntimeId: id, agentRuntimeArn: arn } = await create("by_javascript", clientToken));
    await ready();
  });
  await run("CreateAgentRuntime: sent again with its clientToken it is done once", async () =>
    assert.equal((await create("by_javascript", clientToken)).agentRuntimeId, id));
  await run("CreateAgentRuntime: a name that is taken is a ConflictException", () => refused(create("by_javascript", randomUUID()), "ConflictException"));
  await run("CreateAgentRuntime: a wrong name is a ValidationException that names the field", async () =>
    assert.equal((await refused(create("9", randomUUID()), "ValidationException")).fieldList[0].name, "agentRuntimeName"));
  await run("GetAgentRuntime: everything is shown as it was sent", async () => {
    const shown = await runtime();
    assert.equal(shown.agentRuntimeName, "by_javascript");
    assert.equal(shown.agentRuntimeVersion, "1");
    assert.equal(shown.description, "a parrot");
    assert.deepEqual(shown.environmentVariables, { MODE: "polite" });
    assert.equal(shown.lifecycleConfiguration.maxLifetime, 3600);
    assert.deepEqual(shown.agentRuntimeArtifact, artifact(first));
  });
  await run("GetAgentRuntime: an unknown one is a ResourceNotFoundException", () =>
    refused(admin.send(new control.GetAgentRuntimeCommand({ agentRuntimeId: "nobody-0123456789" })), "ResourceNotFoundException"));
  await run("ListAgentRuntimes: page by page", async () => {
    const listed = [];
    for await (const page of control.paginateListAgentRuntimes({ client: admin, pageSize: 1 }, {})) listed.push(...page.agentRuntimes);
    assert(listed.length > 1 && listed.some(shown => shown.agentRuntimeId === id));
  });
};

// The origin that may read the answer to a request of a page of that origin.
const allowed = async origin => {
  const client = watched(new data.BedrockAgentCoreClient(settings(keyId)));
  client.middlewareStack.add(next => args => {
    args.request.headers.origin = origin;
    return next(args);
  }, { step: "build", name: "origin" });
  const answer = await ask(arn, {}, client);
  await answer.response.transformToByteArray();
  await stop(arn, answer.runtimeSessionId);
  return answer.headers["access-control-allow-origin"];
};

class Sha256 {
  constructor(key) { this.hash = key ? createHmac("sha256", key) : createHash("sha256"); }
  update(data) { this.hash.update(data); }
  async digest() { return new Uint8Array(this.hash.digest()); }
}
// A WebSocket of Node's own client, at a URL that AWS's signer has signed beforehand. A message of bytes is told with the number of its channel.
const opened = async (path, session) => {
  const url = new URL(endpoint + path);
  const signer = new SignatureV4({ service: "bedrock-agentcore", region, sha256: Sha256, credentials: { accessKeyId: keyId, secretAccessKey: secret } });
  const signed = await signer.presign({ method: "GET", protocol: url.protocol, hostname: url.hostname, port: Number(url.port), path: url.pathname,
    query: { "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id": session }, headers: { host: url.host } }, { expiresIn: 240 });
  const query = Object.entries(signed.query).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");
  const socket = new WebSocket(`${url.href.replace("http", "ws")}?${query}`);
  socket.binaryType = "arraybuffer";
  const heard = [];
  socket.onmessage = ({ data }) => heard.push(typeof data === "string" ? data : new Uint8Array(data)[0] + Buffer.from(data).subarray(1).toString());
  await new Promise((done, failed) => {
    socket.onopen = done;
    socket.onerror = () => failed(new Error("it was not opened"));
  });
  socket.onclose = ({ code }) => heard.push(`close ${code}`);
  return {
    say: message => socket.send(message),
    hear: async () => {
      await until(async () => heard.length, held => held > 0, 120);
      return heard.shift();
    },
    close: () => socket.close(),
  };
};

const invoke = async () => {
  await run("InvokeAgentRuntime: by ARN, by id and account, and by name", async () => {
    assert.equal(await said(arn), "hello");
    assert.equal(await said(id, { accountId: "123456789012" }), "hello");
    assert.equal(await said("by_javascript"), "hello");
  });
  await run("InvokeAgentRuntime: a megabyte comes back byte for byte", async () => {
    const payload = randomBytes(1 << 20);
    const answer = await ask(arn, { contentType: "application/octet-stream", payload });
    assert.equal(answer.contentType, "application/octet-stream");
    assert(payload.equals(Buffer.from(await answer.response.transformToByteArray())));
  });
  await run("InvokeAgentRuntime: events arrive one by one", async () => {
    let text = "";
    const times = [];
    for await (const chunk of (await ask(arn, { accept: "text/event-stream" })).response) {
      text += chunk;
      times.push(Date.now());
    }
    assert.equal(text, "data: 1\n\ndata: 2\n\ndata: 3\n\n");
    assert(times.at(-1) - times[0] > 300, String(times));
  });
  await run("InvokeAgentRuntime: a session keeps its state", async () => {
    const runtimeSessionId = randomUUID();
    assert.equal(await header("calls", arn, { runtimeSessionId }), "1");
    assert.equal(await header("calls", arn, { runtimeSessionId }), "2");
  });
  await run("InvokeAgentRuntime: somebody else's session is an AccessDeniedException", async () =>
    refused(ask(arn, { runtimeSessionId: await session(arn) }, other), "AccessDeniedException"));
  await run("InvokeAgentRuntime: an agent's failure is a RuntimeClientError with its message", async () =>
    assert.match((await refused(ask(arn, { payload: Buffer.from("fail") }), "RuntimeClientError")).message, /500/));
  await run("InvokeAgentRuntime: an unknown runtime is a ResourceNotFoundException", () => refused(ask("nobody"), "ResourceNotFoundException"));
  await run("InvokeAgentRuntime: one session too many is a ServiceQuotaExceededException", async () => {
    const only = await session(narrow);
    await refused(ask(narrow), "ServiceQuotaExceededException");
    await stop(narrow, only);
  });
  await run("hooksConfiguration, which no client knows yet and is put into its request: each session begins with what the warm-up hook has made", async () => {
    for (const runtimeSessionId of [randomUUID(), randomUUID()]) {
      assert.equal(await header("warmed", arn, { runtimeSessionId }), "1");
      await stop(arn, runtimeSessionId);
    }
  });
  await run("InvokeAgentRuntime: the origin of a page that may call is named in the answer, another is not", async () => {
    assert.equal(await allowed(page), page);
    assert.equal(await allowed("https://another.example"), undefined);
  });
  await run("InvokeAgentRuntimeWithWebSocketStream: a URL that was signed beforehand opens it, and what is said comes back", async () => {
    const session = randomUUID();
    const socket = await opened("/runtimes/by_javascript/ws", session);
    socket.say("hello");
    assert.equal(await socket.hear(), "hello");
    socket.close();
    await stop(arn, session);
  });
  await run("InvokeAgentRuntimeCommandShell: a URL that was signed beforehand opens it, and it tells its exit code", async () => {
    const session = randomUUID();
    const shell = await opened("/runtimes/by_javascript/ws/shells", session);
    assert.match(await shell.hear(), /^3\{.*"reconnected":false/);
    shell.say(Buffer.from('\x04{"width":100,"height":30}'));
    shell.say(Buffer.from("\x00stty size; exit 3\n"));
    let shown = "";
    while (!shown.includes("ExitCode")) shown += await shell.hear();
    assert.match(shown, /30 100/);
    assert.match(shown, /"message":"3"/);
    assert.equal(await shell.hear(), "close 1000");
    await stop(arn, session);
  });
  await run("InvokeAgentRuntime: more requests in a second than one caller may is a ThrottlingException that says when to come back", async () => {
    const impatient = new data.BedrockAgentCoreClient({ ...settings(otherKeyId), maxAttempts: 1 });
    const failures = (await Promise.all(Array.from({ length: 200 }, () => ask("nobody", {}, impatient).catch(failure => failure))));
    const throttled = failures.filter(failure => failure.name === "ThrottlingException");
    assert(throttled.length > 0, failures.map(failure => failure.name).join());
    assert.equal(throttled[0].$response.statusCode, 429);
    assert(Number(throttled[0].$response.headers["retry-after"]) >= 1, JSON.stringify(throttled[0].$response.headers));
  });
  await run("StopRuntimeSession: ends it, and once more changes nothing", async () => {
    const runtimeSessionId = await session(arn);
    await stop(arn, runtimeSessionId);
    await stop(arn, runtimeSessionId);
    assert.equal(await header("calls", arn, { runtimeSessionId }), "1", "its state is gone");
  });
  await run("StopRuntimeSession: an unknown one is a ResourceNotFoundException", () => refused(stop(arn, randomUUID()), "ResourceNotFoundException"));
};

const command = async body => {
  const answer = await caller.send(new data.InvokeAgentRuntimeCommandCommand({ agentRuntimeArn: arn, body }));
  const told = { stdout: "", stderr: "" };
  for await (const { chunk } of answer.stream) {
    told.stdout += chunk.contentDelta?.stdout ?? "";
    told.stderr += chunk.contentDelta?.stderr ?? "";
    Object.assign(told, chunk.contentStop);
  }
  return told;
};
const commands = async () => {
  await run("InvokeAgentRuntimeCommand: its output, its errors and its exit code are events", async () => assert.deepEqual(
    await command({ command: "echo out; echo err >&2; exit 3", timeout: 20 }), { stdout: "out\n", stderr: "err\n", exitCode: 3, status: "COMPLETED" }));
  await run("InvokeAgentRuntimeCommand: it is killed at its timeout", async () =>
    assert.equal((await command({ command: "sleep 60", timeout: 1 })).status, "TIMED_OUT"));
};

const change = async () => {
  await run("UpdateAgentRuntime: no request fails while the second version comes", async () => {
    // In a session that lives on and in new ones; nobody tries again what fails.
    const runtimeSessionId = randomUUID();
    assert.equal(await header("version", arn, { runtimeSessionId }), "1");
    let going = true, asked = 0, failure;
    const load = (async () => {
      for (; going; asked += 3) {
        await stop(arn, await session(arn, once), once);
        assert.equal(await header("version", arn, { runtimeSessionId }, once), "1");
      }
    })();
    load.catch(e => { failure = e; });
    const some = (before = asked) => until(async () => asked, now => failure || now >= before + 9, 180);
    try {
      await some();
      await update(second);
      assert.equal((await ready()).agentRuntimeVersion, "2");
      await some();
    } finally {
      going = false;
    }
    await load;
    assert.equal(await header("version", arn), "2");
  });
  await run("UpdateAgentRuntime: while one is under way another is a ConflictException", async () => {
    await update(first);
    await refused(update(second), "ConflictException");
    await ready();
    await update(second);
    assert.equal((await ready()).agentRuntimeVersion, "4");
  });
  await run("ListAgentRuntimeVersions: all of them", async () => assert.deepEqual(
    (await admin.send(new control.ListAgentRuntimeVersionsCommand({ agentRuntimeId: id }))).agentRuntimes.map(shown => shown.agentRuntimeVersion).sort(), ["1", "2", "3", "4"]));
  await run("CreateAgentRuntimeEndpoint: keeps to its version", async () => {
    await admin.send(new control.CreateAgentRuntimeEndpointCommand({ agentRuntimeId: id, name: "prod", agentRuntimeVersion: "1" }));
    await serves("prod", "1");
    assert.equal(await header("version", arn, { qualifier: "prod" }), "1");
    assert.equal(await header("version", arn, { qualifier: "DEFAULT" }), "2");
  });
  await run("GetAgentRuntimeEndpoint: shows its version and status", () => serves("DEFAULT", "4"));
  await run("UpdateAgentRuntimeEndpoint: forward, and back with one call", async () => {
    for (const version of ["2", "1"]) {
      await admin.send(new control.UpdateAgentRuntimeEndpointCommand({ agentRuntimeId: id, endpointName: "prod", agentRuntimeVersion: version }));
      await serves("prod", version);
      assert.equal(await header("version", arn, { qualifier: "prod" }), version);
    }
  });
  await run("ListAgentRuntimeEndpoints: all of them", async () => assert.deepEqual(
    (await admin.send(new control.ListAgentRuntimeEndpointsCommand({ agentRuntimeId: id }))).runtimeEndpoints.map(shown => shown.name).sort(), ["DEFAULT", "prod"]));
  await run("TagResource, UntagResource, ListTagsForResource", async () => {
    await admin.send(new control.TagResourceCommand({ resourceArn: arn, tags: { stage: "test" } }));
    await admin.send(new control.UntagResourceCommand({ resourceArn: arn, tagKeys: ["team"] }));
    assert.deepEqual((await admin.send(new control.ListTagsForResourceCommand({ resourceArn: arn }))).tags, { stage: "test" });
  });
};

const afterTheRestart = async () => {
  await run("GetAgentRuntime, InvokeAgentRuntime: after a restart of the server all of it is there", async () => {
    assert.equal((await ready()).agentRuntimeVersion, "4");
    assert.equal(await header("version", arn, { qualifier: "prod" }), "1");
    assert.equal(await header("version", arn), "2");
    assert.deepEqual((await admin.send(new control.ListTagsForResourceCommand({ resourceArn: arn }))).tags, { stage: "test" });
  });
  const gone = command => until(() => admin.send(command).then(() => "", e => e.name), name => name === "ResourceNotFoundException", 30);
  await run("DeleteAgentRuntimeEndpoint: it is gone", async () => {
    await admin.send(new control.DeleteAgentRuntimeEndpointCommand({ agentRuntimeId: id, endpointName: "prod" }));
    await gone(new control.GetAgentRuntimeEndpointCommand({ agentRuntimeId: id, endpointName: "prod" }));
  });
  await run("DeleteAgentRuntime: it is gone, and nobody invokes it", async () => {
    await admin.send(new control.DeleteAgentRuntimeCommand({ agentRuntimeId: id }));
    await gone(new control.GetAgentRuntimeCommand({ agentRuntimeId: id }));
    await refused(ask(arn), "ResourceNotFoundException");
  });
};

if (part === "before") {
  await make();
  await invoke();
  await commands();
  await change();
  writeFileSync("made.json", JSON.stringify({ id, arn }));
} else {
  ({ id, arn } = JSON.parse(readFileSync("made.json", "utf8")));
  await afterTheRestart();
}
