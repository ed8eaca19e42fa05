// Drives the operations of memories by AWS's own clients for JavaScript: node memory.mjs ENDPOINT KEY-ID SECRET
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import assert from 'node:assert/strict';

const here = createRequire(process.cwd() + '/package.json');
const [endpoint, accessKeyId, secretAccessKey] = process.argv.slice(2);
const settings = { endpoint, region: 'us-east-1', credentials: { accessKeyId, secretAccessKey } };
const aws = await import(pathToFileURL(here.resolve('@aws-sdk/client-bedrock-agentcore-control')));
const control = new aws.BedrockAgentCoreControlClient(settings);
const ask = (name, input) => control.send(new aws[name + 'Command'](input));
const agent = await import(pathToFileURL(here.resolve('@aws-sdk/client-bedrock-agentcore')));
const data = new agent.BedrockAgentCoreClient(settings);
const does = (name, input) => data.send(new agent[name + 'Command'](input));

const { memory } = await ask('CreateMemory', { name: 'js_memory', eventExpiryDuration: 30, memoryStrategies: [{ semanticMemoryStrategy: { name: 'facts' } }] });
assert.equal(memory.status, 'ACTIVE');
assert.ok(Math.abs(Date.now() - memory.createdAt) < 600_000, 'createdAt is ' + memory.createdAt);
await assert.rejects(ask('CreateMemory', { name: 'js_memory', eventExpiryDuration: 30 }), { name: 'ConflictException' });
await assert.rejects(ask('CreateMemory', { name: 'other', eventExpiryDuration: 2 }), { name: 'ValidationException' });
assert.equal((await ask('UpdateMemory', { memoryId: memory.id, description: 'of JavaScript' })).memory.description, 'of JavaScript');
assert.equal((await ask('GetMemory', { memoryId: memory.id })).memory.strategies[0].name, 'facts');
assert.ok((await ask('ListMemories', {})).memories.some(one => one.id === memory.id));

const where = { memoryId: memory.id, actorId: 'team/alice', sessionId: 's1' };
const says = (text, more) => does('CreateEvent', { ...where, eventTimestamp: new Date(), payload: [{ conversational: { role: 'USER', content: { text } } }], ...more });
const { event } = await says('one', { metadata: { topic: { stringValue: 'travel' } }, clientToken: 'the-same' });
assert.deepEqual((await says('one', { clientToken: 'the-same' })).event, event);
await says('two', { branch: { name: 'other', rootEventId: event.eventId } });
await does('CreateEvent', { ...where, eventTimestamp: new Date(), payload: [{ blob: { any: ['json', 1] } }] });
assert.deepEqual((await does('GetEvent', { ...where, eventId: event.eventId })).event, event);
const texts = async (filter) => (await does('ListEvents', { ...where, filter })).events.flatMap(one => one.payload).map(item => item.conversational?.content.text ?? JSON.stringify(item.blob));
assert.deepEqual(await texts(undefined), ['{"any":["json",1]}', 'two', 'one']);
assert.deepEqual(await texts({ branch: { name: 'other', includeParentBranches: true } }), ['two', 'one']);
assert.deepEqual(await texts({ eventMetadata: [{ left: { metadataKey: 'topic' }, operator: 'EQUALS_TO', right: { metadataValue: { stringValue: 'travel' } } }] }), ['one']);
assert.equal((await does('ListSessions', { memoryId: memory.id, actorId: 'team/alice' })).sessionSummaries[0].sessionId, 's1');
assert.equal((await does('ListActors', { memoryId: memory.id })).actorSummaries[0].actorId, 'team/alice');
assert.equal((await does('DeleteEvent', { ...where, eventId: event.eventId })).eventId, event.eventId);
await assert.rejects(does('GetEvent', { ...where, eventId: event.eventId }), { name: 'ResourceNotFoundException' });
assert.equal((await ask('DeleteMemory', { memoryId: memory.id })).status, 'DELETING');
await assert.rejects(does('ListActors', { memoryId: memory.id }), { name: 'ResourceNotFoundException' });
console.log('all of it is done');
