// "Did you mean gmail.com?", asked while one types: what the server asks of a form (core/privacy/slips.py), before it is sent.
(() => {
  const place = document.querySelector("[data-meant]");
  if (!place) return;
  const meant = "gmail.com hotmail.com outlook.com yahoo.com icloud.com googlemail.com protonmail.com aol.com gmx.net t-online.de hotmail.fr yahoo.fr orange.fr wanadoo.fr laposte.net hotmail.es yahoo.es hotmail.co.uk yahoo.co.uk btinternet.com libero.it proton.me comcast.net verizon.net".split(" ");
  const known = "mail.com email.com ymail.com rocketmail.com live.com msn.com me.com mac.com gmx.com aim.com qq.com 163.com 126.com naver.com tutanota.com fastmail.com zoho.com gmx.de gmx.at gmx.ch web.de posteo.de mailbox.org freenet.de hotmail.de hotmail.it hotmail.be hotmail.ca hotmail.ch hotmail.cl hotmail.gr hotmail.no hotmail.se outlook.fr outlook.es outlook.de outlook.it outlook.cl outlook.cz yahoo.de yahoo.it yahoo.in yahoo.ca yahoo.gr yahoo.no yahoo.se live.fr live.de live.it live.nl live.be live.se live.co.uk yahoo.co.in yahoo.co.id outlook.co.id yahoo.com.br hotmail.com.br outlook.com.br uol.com.br bol.com.br terra.com.br free.fr sfr.fr tiscali.it mail.ru yandex.ru yandex.com pm.me".split(" ");
  const there = "mail.co email.co me.co mac.co fotomail.com homail.com gmali.com orange.es live.es hotmail.fi".split(" ");
  const com = "con vom comm c cm".split(" ");
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
  const misspelt = (domain) => {
    const start = domain.slice(0, -2), last = domain.slice(-2);
    return [domain.slice(0, -1), domain + last[1], start + last[1] + last[0], ...(domain.endsWith(".com") ? com : []).map((one) => domain.slice(0, -3) + one)];
  };
  const other = (domain) => {
    if ([...meant, ...known, ...there].includes(domain)) return "";
    const end = /^(.+)\.(.*)$/.exec(domain) || [];
    return [...meant, ...known].find((one) => misspelt(one).includes(domain))
      || meant.find((one) => slips(domain, one) === 1)
      || (domain.length >= 9 && meant.slice(0, 7).find((one) => slips(domain, one) === 2))
      || (com.slice(0, 3).includes(end[2]) ? `${end[1]}.com` : "");
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
