// "Did you mean gmail.com?", asked while one types: what the server asks of a form (core/privacy/slips.py), before it is sent.
(() => {
  const place = document.querySelector("[data-meant]");
  if (!place) return;
  const meant = "gmail.com hotmail.com outlook.com yahoo.com icloud.com googlemail.com protonmail.com aol.com gmx.net t-online.de hotmail.fr yahoo.fr orange.fr wanadoo.fr laposte.net hotmail.es yahoo.es hotmail.co.uk yahoo.co.uk btinternet.com libero.it proton.me comcast.net verizon.net".split(" ");
  const there = "mail.com email.com ymail.com rocketmail.com gmx.com gmx.de gmx.at gmx.ch aim.com hotmail.de hotmail.it hotmail.be outlook.fr outlook.es outlook.de outlook.it yahoo.de yahoo.it yahoo.in yahoo.ca tiscali.it fotomail.com homail.com gmali.com pm.me orange.es".split(" ");
  const field = document.getElementById(place.dataset.meant), form = field.form;
  const slips = (one, other) => {
    if (Math.abs(one.length - other.length) > 2) return 3;
    let last = [], before = [], row = [...other, ""].map((_, to) => to);
    for (let at = 1; at <= one.length; at++) {
      [last, before, row] = [before, row, [at]];
      for (let to = 1; to <= other.length; to++) {
        let cost = Math.min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (one[at - 1] !== other[to - 1]));
        if (at > 1 && to > 1 && one[at - 1] === other[to - 2] && one[at - 2] === other[to - 1]) cost = Math.min(cost, last[to - 2] + 1);
        row.push(cost);
      }
    }
    return row.at(-1);
  };
  const other = (domain) => {
    if (meant.includes(domain) || there.includes(domain)) return "";
    return meant.find((one) => slips(domain, one) === 1) || (domain.length >= 9 && meant.slice(0, 7).find((one) => slips(domain, one) === 2)) || "";
  };
  const words = place.querySelector("bdi"), button = place.querySelector("button");
  const look = () => {
    const [, local, domain] = /^\s*([^\s@<>]+)@([^\s@<>]+)\s*$/.exec(field.value) || [];
    const found = local ? other(domain.toLowerCase()) : "";
    place.hidden = !found;
    if (!found) return;
    words.textContent = `${local}@${found}`;
    // The server need not ask again.
    if (!form.elements.asked) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "asked", value: "1" }));
  };
  button.addEventListener("click", () => {
    field.value = words.textContent;
    place.hidden = true;
    field.focus();
  });
  // Nothing moves under a finger: whoever presses the button meanwhile is asked by the server.
  let wait, pressed = false;
  const soon = () => { clearTimeout(wait); wait = setTimeout(() => (pressed ? soon() : look()), 700); };
  addEventListener("pointerdown", () => { pressed = true; });
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => { pressed = false; });
  field.addEventListener("input", soon);
})();
