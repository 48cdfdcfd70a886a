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
