document.querySelector("#connect").addEventListener("click", async () => {
  const { address } = await (await fetch("config.json")).json();
  window.open(address, "sign-in", "popup,width=600,height=700");
});
window.addEventListener("message", (event) => {
  if (event.origin === location.origin) document.querySelector("#answer").textContent = event.data;
});
