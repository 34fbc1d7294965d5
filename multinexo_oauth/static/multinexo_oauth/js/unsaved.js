// Brings back what was typed into a form that found the session ended: in this tab, for the account that typed it.
const KEY = "multinexo_oauth.unsaved";
const { account } = document.currentScript.dataset;
const form = document.currentScript.closest("form");
const fields = () => [...form.elements].filter((field) => field.name && !["hidden", "file", "password", "submit"].includes(field.type));
const known = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
sessionStorage.removeItem(KEY);
if (known && new URLSearchParams(location.search).has("unsaved") && known.path === location.pathname && known.account === account) {
  addEventListener("DOMContentLoaded", () => fields().forEach((field, place) => {
    const typed = known.typed[place];
    if (!typed || typed.name !== field.name) return;
    field.value = typed.value;
    field.checked = typed.checked;
  }));
}
form.addEventListener("submit", () => {
  const typed = fields().map(({ name, value, checked }) => ({ name, value, checked }));
  sessionStorage.setItem(KEY, JSON.stringify({ path: location.pathname, account, typed }));
});
