// What the admin's theme leaves unsaid for those who hear a page: where its content is, and what the cells of its tables are for.
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
  // Fields that are found by typing: the theme's box bears the name of its field.
  for (const box of document.querySelectorAll(".select2-container")) {
    const [label] = box.previousElementSibling?.labels ?? [];
    if (!label) continue;
    label.id ||= `${label.htmlFor}_label`;
    const chosen = box.querySelector(".select2-selection--single");
    chosen?.setAttribute("aria-labelledby", `${label.id} ${chosen.getAttribute("aria-labelledby") ?? ""}`.trim());
    box.querySelector(".select2-search__field")?.setAttribute("aria-labelledby", label.id);
  }
  // The tab of an error opens by the click (templates/staff/before_form.html); its field is there a moment later.
  for (const link of document.querySelectorAll(".outcry-errors a")) {
    link.addEventListener("click", () => setTimeout(() => {
      const field = document.getElementById(link.hash.slice(1));
      field?.focus();
      field?.scrollIntoView({ block: "center" });
    }, 100));
  }
  const sidebar = document.getElementById("nav-sidebar-inner");
  sidebar?.setAttribute("aria-label", sidebar.textContent.trim().split("\n")[0]);
  // Boxes that scroll have names of their own.
  document.querySelectorAll(".simplebar-content-wrapper[aria-label]").forEach((box, place) => box.setAttribute("aria-label", `${box.getAttribute("aria-label")} ${place + 1}`));
});
