// A button that copies what stands in a field, or in a part of the page. Without scripts, and where the browser has no clipboard, it is not there.
(() => {
  for (const button of document.querySelectorAll("[data-copy]")) {
    const field = document.getElementById(button.dataset.copy);
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      field.select?.();
      await navigator.clipboard.writeText(field.value ?? field.innerText);
      const said = document.createElement("span");
      said.setAttribute("role", "status");
      said.className = "quiet";
      button.after(said);
      said.textContent = ` ${button.dataset.said}`;
      setTimeout(() => said.remove(), 4000);
    });
  }
})();
