// An application on oidc-client-ts: what it does of the protocol is the library's own doing.
const { UserManager } = oidc;

const { products, ...settings } = await (await fetch("config.json")).json();
const here = location.origin + location.pathname;
const manager = new UserManager({
  ...settings,
  redirect_uri: here,
  post_logout_redirect_uri: here,
  loadUserInfo: true,
});
let received = 0;

const tell = (id, text) => { document.getElementById(id).textContent = text; };
const problem = ({ error, message }) => tell("problem", error ?? message);
const on = (id, action) => document.getElementById(id).addEventListener("click", () => action().catch(problem));

const show = ({ profile, scope }) => {
  received += 1;
  tell("person", `${profile.sub} ${profile.preferred_username} ${profile.email}`);
  tell("tokens", `${received}: ${scope}`);
};

const create = async () => {
  const { access_token } = await manager.getUser();
  const answer = await fetch(products, {
    method: "POST",
    headers: { Authorization: `Bearer ${access_token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ name: "Yerba", sku: "Y-1", price: "10.00", stock: 1 }),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${answer.headers.get("WWW-Authenticate")}`);
  tell("product", (await answer.json()).name);
};

const revoke = async () => {
  await manager.revokeTokens();
  tell("tokens", "handed back");
};

manager.events.addUserLoaded(show);
manager.events.addSilentRenewError(problem);
on("sign-in", () => manager.signinRedirect());
on("create", create);
on("revoke", revoke);
on("sign-out", () => manager.signoutRedirect());
if (location.search) {
  await manager.signinCallback().catch(problem);
  history.replaceState(null, "", here);
}
document.body.dataset.ready = "yes";
