// What was typed stays in this tab until it is closed: after a reload, on the way back from elsewhere, after a link that was counted.
(() => {
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const key = `draft ${form.dataset.draft}`;
  // Which sample it was made from, and whom it speaks to, belong to it.
  const parts = ["text", "subject", "sample", "target"].map((name) => form.elements[name]).filter(Boolean);
  const remembered = () => {
    try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; }
  };
  const kept = remembered();
  // An answer to what was typed has it already.
  if (!("answer" in form.dataset) && Array.isArray(kept) && String(kept[0]).trim()) {
    parts.forEach((part, place) => { part.value = kept[place] ?? ""; });
    parts[0].dispatchEvent(new Event("input"));
  }
  form.addEventListener("input", ({ target }) => {
    if (!parts.includes(target)) return;
    try { sessionStorage.setItem(key, JSON.stringify(parts.map((part) => part.value))); } catch { /* a tab that keeps nothing */ }
  });
})();
