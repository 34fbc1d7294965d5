// An agent on the AI SDK's MCP client that does what its test tells it: a line of JSON each way, the server first.
import { createInterface } from "node:readline";
import { auth, createMCPClient } from "@ai-sdk/mcp";

let serverUrl;
const kept = {};

// Where the library keeps what it is given, and whom it shows the authorization request.
const provider = {
  get redirectUrl() {
    return kept.redirectUri;
  },
  get clientMetadata() {
    return {
      client_name: "Agente",
      redirect_uris: [kept.redirectUri],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
    };
  },
  tokens: () => kept.tokens,
  saveTokens: (tokens) => void (kept.tokens = tokens),
  codeVerifier: () => kept.verifier,
  saveCodeVerifier: (verifier) => void (kept.verifier = verifier),
  clientInformation: () => kept.client,
  saveClientInformation: (client) => void (kept.client = client),
  isClientInformationDynamicallyRegistered: () => true,
  authorizationServerInformation: () => kept.authorizationServer,
  saveAuthorizationServerInformation: (information) => void (kept.authorizationServer = information),
  state: () => crypto.randomUUID(),
  saveState: (state) => void (kept.state = state),
  storedState: () => kept.state,
  redirectToAuthorization: (url) => void (kept.asked = url.href),
  invalidateCredentials: (scope) => {
    if (scope === "all" || scope === "tokens") delete kept.tokens;
    if (scope === "all" || scope === "client") delete kept.client;
  },
};

const connected = () =>
  createMCPClient({ transport: { type: "http", url: serverUrl, authProvider: provider } });

const steps = {
  async discover({ server, redirect_uri }) {
    serverUrl = server;
    kept.redirectUri = redirect_uri;
  },

  // Whether the person has to be asked, and by which request.
  async authorize() {
    delete kept.asked;
    const result = await auth(provider, { serverUrl });
    return { result, asked: kept.asked, client: kept.client, tokens: kept.tokens };
  },

  // The same as it follows from the server's challenge.
  async connect() {
    delete kept.asked;
    await connected().catch((error) => {
      if (!kept.asked) throw error;
    });
    return { asked: kept.asked };
  },

  async receive({ code, state }) {
    await auth(provider, { serverUrl, authorizationCode: code, callbackState: state });
    return kept.tokens;
  },

  async call({ tool }) {
    const client = await connected();
    const tools = await client.tools();
    const result = await tools[tool].execute({}, { toolCallId: "1", messages: [] });
    await client.close();
    return result.content[0].text;
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { step, ...told } = JSON.parse(line);
  const answer = await steps[step](told).then(
    (done) => ({ done: done ?? null }),
    (error) => ({ problem: error.message }),
  );
  console.log(JSON.stringify(answer));
}
