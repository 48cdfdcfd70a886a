// Figures that move while one watches: asks again every few seconds, only while the page is seen, and says so at most once a minute.
(() => {
  const page = document.querySelector("[data-live]");
  if (!page) return;
  const every = 5000;
  const language = document.documentElement.lang;
  const number = new Intl.NumberFormat(language, { useGrouping: "always" });
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  status.className = "unseen";
  const pause = document.createElement("button");
  pause.type = "button";
  pause.className = "plain";
  pause.textContent = page.dataset.pause;
  page.append(pause, status);
  // `still`: staff have switched it off for a while (progress.json says so).
  let paused = false, still = false, said = 0;
  pause.addEventListener("click", () => {
    paused = !paused;
    pause.textContent = paused ? page.dataset.resume : page.dataset.pause;
  });
  const at = (data, path) => path.split(".").reduce((value, key) => value && value[key], data);
  const known = (value) => (value == null ? page.dataset.unknown : number.format(value));
  // A moment as the page writes it, in the campaign's zone.
  const clock = new Intl.DateTimeFormat(language, { timeZone: page.dataset.zone, day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const written = (moment) => clock.formatToParts(moment).reduce((text, part) => text.replace(`{${part.type}}`, part.value), page.dataset.moment);
  const show = (data) => {
    let changed = false;
    if (still !== (data.paused || []).includes("live_numbers")) {
      still = !still;
      pause.hidden = still;
      status.className = still ? "notice" : "unseen";
      status.textContent = still ? page.dataset.still : "";
    }
    if (still) return;
    for (const time of document.querySelectorAll("time[data-as-of]")) {
      const value = at(data, time.dataset.asOf);
      // An answer that was kept may be older than the page.
      if (!value || new Date(value) <= new Date(time.dateTime)) continue;
      time.dateTime = value;
      time.textContent = written(new Date(value));
    }
    for (const element of document.querySelectorAll("[data-figure]")) {
      const value = at(data, element.dataset.figure);
      if (value == null) continue;
      const text = element.dataset.figure.endsWith("percent") ? page.dataset.percent.replace("{number}", number.format(value)) : number.format(value);
      if (element.textContent !== text) { element.textContent = text; changed = true; }
    }
    for (const rect of document.querySelectorAll("[data-strand]")) {
      const [count, goal] = rect.dataset.strand === "s" ? [data.signatures.confirmed, data.signatures.goal] : [data.tweets.matching, data.tweets.goal];
      if (count != null) rect.setAttribute("width", count ? Math.min(count / goal, 1) * rect.dataset.length + 11 : 0);
    }
    if (changed && Date.now() - said > 60000) {
      said = Date.now();
      status.textContent = page.dataset.said.replace("{signatures}", known(data.signatures.confirmed)).replace("{tweets}", known(data.tweets.matching));
    }
  };
  const ask = async () => {
    if (!paused && !document.hidden) {
      try {
        const answer = await fetch(page.dataset.live, { credentials: "omit" });
        if (answer.ok) show(await answer.json());
      } catch { /* the next turn asks again */ }
    }
    setTimeout(ask, document.hidden || still ? every * 6 : every);
  };
  setTimeout(ask, every);
})();
