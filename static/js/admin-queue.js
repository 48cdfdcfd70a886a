// Rows are read and decided on without leaving the keyboard (core/staff/queues.py). Keys count only while the focus is in the list.
addEventListener("load", () => {
  const form = document.getElementById("changelist-form");
  const begin = document.querySelector("[data-begin]"), keys = document.querySelector("[data-keys]");
  const boxes = [...document.querySelectorAll("#changelist-form input.action-select")];
  if (!form || !begin || !boxes.length) return;
  begin.hidden = false;
  const actions = Object.fromEntries([...keys.querySelectorAll("[data-action]")].map((key) => [key.textContent.toLowerCase(), key.dataset.action]));
  const look = (place) => {
    const box = boxes[Math.max(0, Math.min(place, boxes.length - 1))];
    box.focus();
    box.closest("tr").scrollIntoView({ block: "nearest" });
  };
  const decide = (action) => {
    if (!boxes.some((box) => box.checked)) document.activeElement.checked = true;
    form.elements.action.value = action;
    form.requestSubmit(form.querySelector("button[name=index]"));
  };
  begin.addEventListener("click", () => {
    keys.hidden = false;
    look(0);
  });
  form.addEventListener("keydown", (event) => {
    const place = boxes.indexOf(document.activeElement);
    // One press is one decision, however long the key is held.
    if (place < 0 || event.repeat && !/^[jk]$/i.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key === "j") look(place + 1);
    else if (key === "k") look(place - 1);
    else if (key === "x") boxes[place].click();
    else if (Object.hasOwn(actions, key)) decide(actions[key]);
    else if (key === "u") document.querySelector("[data-undo] button")?.click();
    else return;
    event.preventDefault();
  });
});
