// What the admin's theme leaves unsaid for those who hear a page: where its content is, and what the cells of its tables are for.

// Fields that are found by typing: a box of select2 stands for a select, and knows nothing of its label.
const nameOf = (select) => (select.labels[0]?.textContent ?? select.getAttribute("aria-label") ?? "").trim();
const nameBoxes = () => {
  for (const select of document.querySelectorAll("select.select2-hidden-accessible")) {
    const box = select.nextElementSibling;
    for (const field of box.querySelectorAll("[role=combobox], [role=searchbox]")) field.setAttribute("aria-label", nameOf(select));
    // Nobody types into what is chosen: it is read after the name, and is no field of its own.
    const chosen = box.querySelector("[role=textbox]");
    if (!chosen) continue;
    chosen.removeAttribute("role");
    chosen.removeAttribute("aria-readonly");
    const field = chosen.closest("[role=combobox]");
    field.id = `${chosen.id}-box`;
    field.setAttribute("aria-labelledby", `${field.id} ${chosen.id}`);
  }
};
document.addEventListener("DOMContentLoaded", () => {
  // Before select2 reads them: what opens stays within the content, and each choice has a cross of its own, so there is none for all.
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    select.dataset.dropdownParent = "#main";
    if (select.multiple) select.dataset.allowClear = "false";
  }
  // Select2 makes its boxes some time later, before or after the page is loaded; and those of a new row when that is added.
  new MutationObserver(nameBoxes).observe(document.body, { childList: true, subtree: true });
});

addEventListener("load", () => {
  document.getElementById("main")?.setAttribute("role", "main");
  for (const table of document.querySelectorAll("table")) {
    const heads = [...table.querySelectorAll("thead th")];
    for (const head of heads) if (!head.textContent.trim()) head.setAttribute("aria-hidden", "true");
    for (const row of table.querySelectorAll("tbody tr")) {
      [...row.cells].forEach((cell, column) => {
        const name = heads[column]?.textContent.trim();
        for (const field of cell.querySelectorAll("input:not([type=hidden]), select, textarea")) {
          if (name && !field.labels?.length && !field.hasAttribute("aria-label")) field.setAttribute("aria-label", name);
        }
      });
    }
  }
  // Again: some are named by the head of their column.
  nameBoxes();
  // The tab of an error opens by the click (templates/staff/before_form.html); its field is there a moment later.
  for (const link of document.querySelectorAll(".outcry-errors a")) {
    link.addEventListener("click", () => setTimeout(() => {
      const field = document.getElementById(link.hash.slice(1));
      field?.focus();
      field?.scrollIntoView({ block: "center" });
    }, 100));
  }
  // What opens below a box is made when it opens.
  window.django?.jQuery?.(document).on("select2:open", ({ target }) => {
    const opened = document.querySelectorAll(".select2-container--open :is([role=searchbox], [role=listbox])");
    for (const part of opened) part.setAttribute("aria-label", nameOf(target));
    const field = target.nextElementSibling.querySelector("[role=combobox]");
    field.setAttribute("aria-controls", field.getAttribute("aria-owns"));
  });
  const sidebar = document.getElementById("nav-sidebar-inner");
  sidebar?.setAttribute("aria-label", sidebar.textContent.trim().split("\n")[0]);
  // Boxes that scroll have names of their own.
  document.querySelectorAll(".simplebar-content-wrapper[aria-label]").forEach((box, place) => box.setAttribute("aria-label", `${box.getAttribute("aria-label")} ${place + 1}`));
});
