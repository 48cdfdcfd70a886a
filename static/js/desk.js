// The desk keeps itself up to date while somebody looks at it: the same page, asked for twice a minute.
const EVERY = 30_000;

async function renew() {
  const desk = document.getElementById("desk");
  // Whoever stands on one of its links keeps it.
  if (document.hidden || !desk || desk.contains(document.activeElement)) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("desk");
  if (fresh) desk.replaceWith(fresh);
}

setInterval(() => renew().catch(() => {}), EVERY);
document.addEventListener("visibilitychange", () => renew().catch(() => {}));
