// An application on openid-client that does what its test tells it: a line of JSON each way, the credentials first.
import { createInterface } from "node:readline";
import * as client from "openid-client";

const AUTHENTICATION = {
  client_secret_basic: client.ClientSecretBasic,
  client_secret_post: client.ClientSecretPost,
  none: client.None,
};
const POLLING_MILLISECONDS = 30_000;
let config, redirectUri, asked, device, tokens;

const steps = {
  async discover({ issuer, client_id, secret, method, redirect_uri, algorithm }) {
    redirectUri = redirect_uri;
    // The test's site is plain http; by default the library takes an ID token from the token endpoint unverified.
    const execute = [client.allowInsecureRequests, client.enableNonRepudiationChecks];
    const authentication = AUTHENTICATION[method](secret ?? undefined);
    config = await client.discovery(new URL(issuer), client_id, undefined, authentication, { execute, algorithm });
  },

  async ask({ pkce = true, ...parameters }) {
    asked = {
      pkceCodeVerifier: client.randomPKCECodeVerifier(),
      expectedState: client.randomState(),
      expectedNonce: client.randomNonce(),
      idTokenExpected: true,
      maxAge: parameters.max_age,
    };
    const request = { redirect_uri: redirectUri, state: asked.expectedState, nonce: asked.expectedNonce, ...parameters };
    if (pkce) {
      request.code_challenge = await client.calculatePKCECodeChallenge(asked.pkceCodeVerifier);
      request.code_challenge_method = "S256";
    } else {
      // As most programs without PKCE: no nonce either.
      delete asked.pkceCodeVerifier;
      delete asked.expectedNonce;
      delete request.nonce;
    }
    return client.buildAuthorizationUrl(config, request);
  },

  async receive({ answer }) {
    return keep(await client.authorizationCodeGrant(config, new URL(answer), asked));
  },

  async ask_as_device(parameters) {
    device = await client.initiateDeviceAuthorization(config, parameters);
    return device;
  },

  async poll() {
    const signal = AbortSignal.timeout(POLLING_MILLISECONDS);
    return keep(await client.pollDeviceAuthorizationGrant(config, device, undefined, { signal }));
  },

  async ask_for_itself(parameters) {
    return keep(await client.clientCredentialsGrant(config, parameters));
  },

  async refresh() {
    return keep(await client.refreshTokenGrant(config, tokens.refresh_token));
  },

  async userinfo({ subject }) {
    return client.fetchUserInfo(config, tokens.access_token, subject);
  },

  async introspect({ kind }) {
    return client.tokenIntrospection(config, tokens[kind]);
  },

  async revoke({ kind }) {
    return client.tokenRevocation(config, tokens[kind], { token_type_hint: kind });
  },

  async sign_out(parameters) {
    return client.buildEndSessionUrl(config, { id_token_hint: tokens.id_token, ...parameters });
  },

  async create({ url, product }) {
    const headers = new Headers({ "Content-Type": "application/json" });
    const body = JSON.stringify(product);
    const answer = await client.fetchProtectedResource(
      config, tokens.access_token, new URL(url), "POST", body, headers,
    );
    return answer.json();
  },
};

function keep(received) {
  tokens = { ...tokens, ...received };
  return { ...received, claims: received.claims() };
}

// What the library threw, in the protocol's word where the server sent one: in its challenge, or else in the body.
async function problem(error) {
  if (error instanceof client.WWWAuthenticateChallengeError) {
    return error.cause[0].parameters.error ?? (await error.response.json()).error;
  }
  return error.error ?? error.cause?.message ?? error.message;
}

for await (const line of createInterface({ input: process.stdin })) {
  const { step, ...told } = JSON.parse(line);
  const answer = await steps[step](told).then(
    (done) => ({ done: done ?? null }),
    async (error) => ({ problem: await problem(error) }),
  );
  console.log(JSON.stringify(answer));
}
