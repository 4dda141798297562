// SPDX-License-Identifier: Apache-2.0
// An identity provider on loopback: node provider.mjs PORT STORE KID:ALG…
// Keeps its private keys in the file STORE, so that a key keeps its name over a
// restart; signs with the first of those named. Port 0 takes any; it says on
// which it listens.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { generateKeyPairSync } from 'node:crypto';
import Provider from 'oidc-provider';

const [port, store, ...wanted] = process.argv.slice(2);

const known = existsSync(store) ? JSON.parse(readFileSync(store, 'utf8')) : {};
const keys = wanted.map((name) => {
  const [kid, alg] = name.split(':');
  if (!known[kid]) {
    const pair = alg === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
    known[kid] = { ...pair.privateKey.export({ format: 'jwk' }), kid, alg, use: 'sig' };
  }
  return known[kid];
});
writeFileSync(store, JSON.stringify(known), { mode: 0o600 });

const client = (id) => ({
  client_id: id,
  client_secret: 'secret-of-' + id,
  grant_types: ['client_credentials'],
  response_types: [],
  redirect_uris: [],
  id_token_signed_response_alg: keys[0].alg,
});

const server = createServer();
server.listen(Number(port), '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [client('zhao'), client('qian')],
    jwks: { keys },
    scopes: ['cases'],
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (context, resource) => ({
          audience: resource,
          scope: 'cases',
          accessTokenFormat: 'jwt',
          accessTokenTTL: 300,
          jwt: { sign: { alg: keys[0].alg } },
        }),
      },
    },
  });
  server.on('request', provider.callback());
  console.log(`listens on ${server.address().port}`);
});
