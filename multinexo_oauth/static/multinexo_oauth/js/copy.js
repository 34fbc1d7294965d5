// Adds "copy" buttons to [data-copy] values and makes [data-download] buttons save their data-content.
(() => {
  const words = document.currentScript.dataset;

  const select = (element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  };

  const copy = async (element) => {
    try {
      await navigator.clipboard.writeText(element.dataset.copy || element.textContent.trim());
      return true;
    } catch {
      // No permission, or a page without TLS: leave the value selected for Ctrl+C.
      select(element);
      return false;
    }
  };

  const addCopyButton = (element) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--small";
    button.setAttribute("aria-live", "polite");
    button.textContent = words.copy;
    if (element.dataset.about) button.setAttribute("aria-describedby", element.dataset.about);
    button.addEventListener("click", async () => {
      if (!(await copy(element))) return;
      button.textContent = words.copied;
      setTimeout(() => { button.textContent = words.copy; }, 2000);
    });
    element.after(button);
  };

  const download = (button) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([button.dataset.content], { type: "text/plain" }));
    link.download = button.dataset.download;
    link.click();
    URL.revokeObjectURL(link.href);
  };

  document.querySelectorAll("[data-copy]:not(script)").forEach(addCopyButton);
  document.querySelectorAll("[data-download]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => download(button));
  });
})();
