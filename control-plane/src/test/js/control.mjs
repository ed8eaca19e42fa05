// Drives the control API by AWS's own client for JavaScript: node control.mjs ENDPOINT TOKEN URI-OF-ONE-WAR URI-OF-ANOTHER
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { randomUUID } from 'node:crypto';

const here = createRequire(process.cwd() + '/package.json');
const load = async name => import(pathToFileURL(here.resolve(name)));
const control = await load('@aws-sdk/client-bedrock-agentcore-control');
const data = await load('@aws-sdk/client-bedrock-agentcore');
const [endpoint, token, one, two] = process.argv.slice(2);
const settings = {
  endpoint, region: 'us-east-1', credentials: { accessKeyId: 'unused', secretAccessKey: 'unused' },
};
/** A token in the place of the signature. */
const withToken = client => {
  client.middlewareStack.add(next => args => {
    args.request.headers.authorization = 'Bearer ' + token;
    return next(args);
  }, { step: 'finalizeRequest', priority: 'low', name: 'token', override: true });
  return client;
};
const admin = withToken(new control.BedrockAgentCoreControlClient(settings));
const caller = withToken(new data.BedrockAgentCoreClient(settings));
const pause = () => new Promise(done => setTimeout(done, 200));
const check = (held, what) => { if (!held) throw new Error(what); };
const roleArn = 'arn:aws:iam::123456789012:role/agents';
const artifact = containerUri => ({ containerConfiguration: { containerUri } });

async function until(ask, held) {
  for (let i = 0; i < 300; i++) {
    const answer = await ask();
    if (held(answer)) return answer;
    await pause();
  }
  throw new Error('it took too long');
}
const runtime = id => admin.send(new control.GetAgentRuntimeCommand({ agentRuntimeId: id }));
const ready = id => until(() => runtime(id), shown => shown.status === 'READY');
const endpointReady = (id, version) => until(
  () => admin.send(new control.GetAgentRuntimeEndpointCommand({ agentRuntimeId: id, endpointName: 'prod' })),
  shown => shown.status === 'READY' && shown.liveVersion === version);
async function invoke(arn, qualifier) {
  const session = randomUUID();
  const answer = await caller.send(new data.InvokeAgentRuntimeCommand({
    agentRuntimeArn: arn, runtimeSessionId: session, qualifier, contentType: 'text/plain', payload: Buffer.from(session) }));
  check(await answer.response.transformToString() === session, 'the agent answered something else');
}

const made = await admin.send(new control.CreateAgentRuntimeCommand({
  agentRuntimeName: 'from_js', roleArn, agentRuntimeArtifact: artifact(one), environmentVariables: { MODE: 'polite' }, tags: { team: 'blue' } }));
const id = made.agentRuntimeId;
const arn = (await ready(id)).agentRuntimeArn;
await invoke(arn);
await admin.send(new control.CreateAgentRuntimeEndpointCommand({ agentRuntimeId: id, name: 'prod', agentRuntimeVersion: '1' }));
await endpointReady(id, '1');
await admin.send(new control.UpdateAgentRuntimeCommand({ agentRuntimeId: id, roleArn, agentRuntimeArtifact: artifact(two) }));
check((await ready(id)).agentRuntimeVersion === '2', 'there is no second version');
await admin.send(new control.UpdateAgentRuntimeEndpointCommand({ agentRuntimeId: id, endpointName: 'prod', agentRuntimeVersion: '2' }));
await endpointReady(id, '2');
await admin.send(new control.UpdateAgentRuntimeEndpointCommand({ agentRuntimeId: id, endpointName: 'prod', agentRuntimeVersion: '1' }));
await endpointReady(id, '1');
await invoke(arn, 'prod');
const versions = await admin.send(new control.ListAgentRuntimeVersionsCommand({ agentRuntimeId: id }));
check(versions.agentRuntimes.length === 2, 'not every version is listed');
const endpoints = await admin.send(new control.ListAgentRuntimeEndpointsCommand({ agentRuntimeId: id }));
check(endpoints.runtimeEndpoints.length === 2, 'not every endpoint is listed');
await admin.send(new control.TagResourceCommand({ resourceArn: arn, tags: { stage: 'test' } }));
await admin.send(new control.UntagResourceCommand({ resourceArn: arn, tagKeys: ['team'] }));
const tags = await admin.send(new control.ListTagsForResourceCommand({ resourceArn: arn }));
check(JSON.stringify(tags.tags) === '{"stage":"test"}', 'the tags are ' + JSON.stringify(tags.tags));
await admin.send(new control.DeleteAgentRuntimeEndpointCommand({ agentRuntimeId: id, endpointName: 'prod' }));
let listed = [];
for await (const page of control.paginateListAgentRuntimes({ client: admin, pageSize: 1 }, {})) listed = listed.concat(page.agentRuntimes);
check(listed.some(shown => shown.agentRuntimeId === id), 'it is not in the list');
await until(() => admin.send(new control.ListAgentRuntimeEndpointsCommand({ agentRuntimeId: id })), list => list.runtimeEndpoints.length === 1);
await admin.send(new control.DeleteAgentRuntimeCommand({ agentRuntimeId: id }));
await until(() => runtime(id).then(() => undefined, refused => refused.name), name => name === 'ResourceNotFoundException');
const refused = await admin.send(new control.CreateAgentRuntimeCommand({ agentRuntimeName: '9', roleArn, agentRuntimeArtifact: artifact(one) }))
  .catch(failure => failure);
check(refused.name === 'ValidationException' && refused.fieldList[0].name === 'agentRuntimeName', 'a wrong name is not refused: ' + refused);
console.log('all of it is done');
