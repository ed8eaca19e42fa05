// Drives the operations of identities by AWS's own client for JavaScript: node identity.mjs ENDPOINT KEY-ID SECRET
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import assert from 'node:assert/strict';

const here = createRequire(process.cwd() + '/package.json');
const aws = await import(pathToFileURL(here.resolve('@aws-sdk/client-bedrock-agentcore-control')));
const [endpoint, accessKeyId, secretAccessKey] = process.argv.slice(2);
const client = new aws.BedrockAgentCoreControlClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId, secretAccessKey } });
const data = await import(pathToFileURL(here.resolve('@aws-sdk/client-bedrock-agentcore')));
const dataClient = new data.BedrockAgentCoreClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId, secretAccessKey } });
const get = (name, input) => dataClient.send(new data[name + 'Command'](input));
const ask = (name, input) => client.send(new aws[name + 'Command'](input));
const secret = 'js-secret-of-this-test';

const made = await ask('CreateWorkloadIdentity', { name: 'js-orders', allowedResourceOauth2ReturnUrls: ['https://app.example.com/back'] });
assert.match(made.workloadIdentityArn, /workload-identity\/js-orders$/);
const shown = await ask('GetWorkloadIdentity', { name: 'js-orders' });
assert.ok(shown.createdTime instanceof Date && Math.abs(Date.now() - shown.createdTime) < 600_000, 'createdTime is ' + shown.createdTime);
const changed = await ask('UpdateWorkloadIdentity', { name: 'js-orders', allowedResourceOauth2ReturnUrls: [] });
assert.deepEqual(changed.allowedResourceOauth2ReturnUrls, []);
assert.ok((await ask('ListWorkloadIdentities', {})).workloadIdentities.some(one => one.name === 'js-orders'));
await assert.rejects(ask('CreateWorkloadIdentity', { name: 'js-orders' }), { name: 'ValidationException' });

await ask('CreateApiKeyCredentialProvider', { name: 'js-key', apiKey: secret });
await assert.rejects(ask('CreateApiKeyCredentialProvider', { name: 'js-key', apiKey: secret }), { name: 'ConflictException' });
assert.ok(!JSON.stringify(await ask('GetApiKeyCredentialProvider', { name: 'js-key' })).includes(secret));
await ask('UpdateApiKeyCredentialProvider', { name: 'js-key', apiKey: secret + '2' });
assert.ok((await ask('ListApiKeyCredentialProviders', {})).credentialProviders.some(one => one.name === 'js-key'));
for (const token of [await get('GetWorkloadAccessToken', { workloadName: 'js-orders' }),
  await get('GetWorkloadAccessTokenForUserId', { workloadName: 'js-orders', userId: 'alice' })]) {
  const given = await get('GetResourceApiKey', { workloadIdentityToken: token.workloadAccessToken, resourceCredentialProviderName: 'js-key' });
  assert.equal(given.apiKey, secret + '2');
}
await assert.rejects(get('GetWorkloadAccessTokenForJWT', { workloadName: 'js-orders', userToken: 'e30.e30.e30' }), { name: 'ValidationException' });
await assert.rejects(get('GetResourceApiKey', { workloadIdentityToken: 'another', resourceCredentialProviderName: 'js-key' }), { name: 'UnauthorizedException' });
await ask('DeleteApiKeyCredentialProvider', { name: 'js-key' });
await assert.rejects(ask('GetApiKeyCredentialProvider', { name: 'js-key' }), { name: 'ResourceNotFoundException' });

const own = discoveryUrl => ({ name: 'js-own', credentialProviderVendor: 'CustomOauth2', oauth2ProviderConfigInput: { customOauth2ProviderConfig: {
  clientId: 'client', clientSecret: secret, oauthDiscovery: { discoveryUrl } } } });
await ask('CreateOauth2CredentialProvider', own('https://idp.example.com/.well-known/openid-configuration'));
await ask('UpdateOauth2CredentialProvider', own('https://other.example.com/.well-known/openid-configuration'));
const provider = await ask('GetOauth2CredentialProvider', { name: 'js-own' });
assert.equal(provider.oauth2ProviderConfigOutput.customOauth2ProviderConfig.oauthDiscovery.discoveryUrl, 'https://other.example.com/.well-known/openid-configuration');
assert.equal(provider.status, 'READY');
assert.ok((await ask('ListOauth2CredentialProviders', {})).credentialProviders.some(one => one.name === 'js-own'));
await ask('DeleteOauth2CredentialProvider', { name: 'js-own' });
await ask('DeleteWorkloadIdentity', { name: 'js-orders' });
await assert.rejects(ask('GetWorkloadIdentity', { name: 'js-orders' }), { name: 'ResourceNotFoundException' });
console.log('all of it is done');
