// Times in the reader's own zone, beside the campaign's: for whoever must be there at that minute.
(() => {
  const language = document.documentElement.lang;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const clock = new Intl.DateTimeFormat(language, { weekday: "short", hour: "2-digit", minute: "2-digit", timeZoneName: "short" });
  for (const time of document.querySelectorAll("time[data-local]")) {
    const here = new Date(time.dateTime);
    const offset = /([+-])(\d\d):(\d\d)$/.exec(time.dateTime);
    const theirs = offset ? (offset[1] === "-" ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3])) : 0;
    // The same clock on the wall: nothing to add.
    if (!zone || -here.getTimezoneOffset() === theirs) continue;
    const own = document.createElement("span");
    own.className = "quiet own";
    own.textContent = ` (${clock.format(here)})`;
    time.after(own);
  }
})();
