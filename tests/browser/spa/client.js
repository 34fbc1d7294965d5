// A JavaScript client of the authorization server: code with PKCE, tokens and API by CORS, nothing but the browser's own.
const settings = await (await fetch("config.json")).json();
const server = await (await fetch(settings.metadata)).json();
const redirectUri = location.origin + location.pathname;
let token = null;

const show = (id) => { document.getElementById(id).hidden = false; };
const problem = (text) => { document.getElementById("problem").textContent = text; };
const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

const connect = async () => {
  const asked = { state: random(), verifier: random() };
  sessionStorage.setItem("asked", JSON.stringify(asked));
  const challenge = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(asked.verifier));
  location.assign(`${server.authorization_endpoint}?${new URLSearchParams({
    response_type: "code",
    client_id: settings.client_id,
    redirect_uri: redirectUri,
    scope: settings.scope,
    state: asked.state,
    code_challenge: base64url(challenge),
    code_challenge_method: "S256",
  })}`);
};

const tokens = async (grant) => {
  const body = new URLSearchParams({ client_id: settings.client_id, ...grant });
  const answer = await fetch(server.token_endpoint, { method: "POST", body });
  const answered = await answer.json();
  if (!answer.ok) throw new Error(answered.error);
  return answered;
};

const receive = async (answer) => {
  const asked = JSON.parse(sessionStorage.getItem("asked"));
  history.replaceState(null, "", redirectUri);
  if (answer.get("state") !== asked.state || answer.get("iss") !== server.issuer) throw new Error("foreign answer");
  if (answer.has("error")) throw new Error(answer.get("error"));
  token = await tokens({
    grant_type: "authorization_code",
    code: answer.get("code"),
    redirect_uri: redirectUri,
    code_verifier: asked.verifier,
  });
  await list();
  show("create");
  show("refresh");
};

const api = async (options = {}) => {
  const headers = { Authorization: `Bearer ${token.access_token}`, "Content-Type": "application/json" };
  const answer = await fetch(settings.products, { ...options, headers });
  if (!answer.ok) throw new Error(`${answer.status} ${answer.headers.get("WWW-Authenticate")}`);
  return answer.json();
};

const list = async () => {
  const products = await api();
  document.getElementById("products").replaceChildren(...products.map(({ name }) => {
    const item = document.createElement("li");
    item.textContent = name;
    return item;
  }));
};

const create = async () => {
  await api({ method: "POST", body: JSON.stringify({ name: "Yerba", sku: "Y-1", price: "10.00", stock: 1 }) });
  await list();
};

const refresh = async () => {
  token = await tokens({ grant_type: "refresh_token", refresh_token: token.refresh_token });
  await list();
  document.body.dataset.refreshed = "yes";
};

const attempt = (action) => () => action().catch((error) => problem(error.message));
document.getElementById("connect").addEventListener("click", attempt(connect));
document.getElementById("create").addEventListener("click", attempt(create));
document.getElementById("refresh").addEventListener("click", attempt(refresh));
show("connect");
const answer = new URLSearchParams(location.search);
if (answer.has("state")) await attempt(() => receive(answer))();
