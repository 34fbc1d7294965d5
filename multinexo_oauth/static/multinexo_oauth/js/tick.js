// Ticks or clears all boxes of a group, or of the form; without JavaScript these buttons ask the server to.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-tick]");
  if (!button) return;
  event.preventDefault();
  const wish = button.dataset.tick;
  if (!wish) return;
  const boxes = button.closest(".fold, form").querySelectorAll("[type=checkbox]:not(:disabled)");
  boxes.forEach((box) => { box.checked = wish === "all"; });
});
document.querySelectorAll("[data-tick][type=button]").forEach((button) => { button.hidden = false; });
