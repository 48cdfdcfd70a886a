// How long each network takes a post to be, while it is typed, as it will go there: with the target's handle or name on that network,
// and with the campaign's address. The server has the last word when the button is pressed (actions/networks.py).
(() => {
  const number = new Intl.NumberFormat(document.documentElement.lang, { useGrouping: "always" });
  const light = [[0, 0x10ff], [0x2000, 0x200d], [0x2010, 0x201f], [0x2032, 0x2037]];
  const link = /https?:\/\/(\S*[\p{L}\p{M}\p{N}_/])/giu;
  const segments = new Intl.Segmenter(undefined, { granularity: "grapheme" });
  // What X takes for an address and for an emoji: ten kilobytes, which wait until a text has a dot within or a sign that is no plain one.
  const wanted = /\S\.[\p{L}\p{N}_]|[\u00a9\u00ae\u203c-\u{10ffff}]/u;
  let x = null;
  const load = async ({ parsing, signs }) => {
    const [{ default: parser }, { default: known }] = await Promise.all([import(parsing), import(signs)]);
    x = parser(known);
  };
  // As core/text/cleaning.py cleans a text of several lines.
  const flag = "\\p{Extended_Pictographic}\\uFE0F?[\\u{E0020}-\\u{E007E}]{1,30}\\u{E007F}";
  const unseen = new RegExp(`(${flag})|(?![\\u200c\\u200d\\u180e\\u202a-\\u202e\\u2066-\\u2069])(?:(?=\\p{Cf})\\p{Default_Ignorable_Code_Point}|[\\uFFF9-\\uFFFB])`, "gu");
  const cleaned = (text) => text.replace(/\r\n|[\r\v\f\u0085\u2028\u2029]/g, "\n").replaceAll("\t", " ").replace(unseen, (_, kept) => kept ?? "").trim();
  // As actions/length.py.
  const plain = (text) => {
    let weight = 0;
    const rest = x ? text.replace(x.emoji, () => { weight += 2; return ""; }) : text;
    for (const sign of rest) weight += light.some(([low, high]) => sign.codePointAt(0) >= low && sign.codePointAt(0) <= high) ? 1 : 2;
    return weight;
  };
  const weigh = (typed) => {
    if ([...typed].length > 15000) return [...typed].length;
    const text = typed.normalize("NFC"), long = [...text].length;
    if (long > 560 && text.split(".").length > 41) return long;
    let weight = 0, begun = 0;
    for (const [start, end] of x ? x.addresses(text) : []) {
      weight += plain(text.slice(begun, start)) + 23;
      begun = end;
    }
    return weight + plain(text.slice(begun));
  };
  const graphemes = (text) => [...segments.segment(text)].length;
  // As Bluesky shows a link.
  const shortened = (whole, rest) => {
    const slash = rest.indexOf("/");
    const [host, path] = slash < 0 ? [rest, ""] : [rest.slice(0, slash), [...rest.slice(slash)]];
    return path.length > 15 ? `${host}${path.slice(0, 13).join("")}...` : host + (path.length > 1 ? path.join("") : "");
  };
  // As Python's quote() writes it, which leaves fewer signs as they are.
  const encoded = (text) => encodeURIComponent(text.toWellFormed?.() ?? text).replace(/[!'()*]/g, "%21").length;
  const measures = {
    x: weigh, characters: (text) => [...text].length, encoded,
    bluesky: (text) => graphemes(text.replace(link, shortened)),
    mastodon: (text) => graphemes(text.replace(link, "x".repeat(23)).replace(/@(\w+)@[\w.-]*\w/g, "@$1")),
    mail: (text) => encoded(text.replace(/\n/g, "\r\n")),
  };
  for (const field of document.querySelectorAll("[data-weigh]")) {
    const { handle, unless } = field.form.dataset;
    const addressed = handle && new RegExp(`(?<!\\w)\\.?@${handle}(?!\\w)`, "gi");
    const shown = [...field.form.querySelectorAll("[data-weight]")];
    // A post that is quoted stands there as one more link.
    const quoted = () => [...field.form.querySelectorAll("[data-more]:checked")].reduce((sum, tick) => sum + Number(tick.dataset.more), 0);
    const weightAt = ({ weight, name, url, urlWeight, apart }, typed) => {
      const measure = measures[weight];
      const text = addressed && name ? typed.replace(addressed, () => name) : typed;
      if (!url || (unless && text.includes(unless)) || apart !== undefined) return measure(text);
      return Number(urlWeight) ? measure(`${text}\n`) + Number(urlWeight) : measure(`${text}\n${url}`);
    };
    const show = () => {
      const text = cleaned(field.value);
      if (!x && wanted.test(text)) { load(field.form.dataset).catch(() => { x = { addresses: () => [], emoji: /(?!)/ }; }).then(show); return; }
      for (const place of shown) {
        const weight = weightAt(place.dataset, text) + (place.dataset.weight === "x" ? quoted() : 0), limit = Number(place.dataset.limit);
        place.textContent = place.dataset.text.replace("{weight}", number.format(weight)).replace("{limit}", number.format(limit));
        place.toggleAttribute("data-over", weight > limit);
      }
    };
    field.addEventListener("input", show);
    field.form.addEventListener("change", show);
    // What the server has counted stands until something changes, or the browser brought back what was typed before.
    const ticks = [...field.form.querySelectorAll("[data-more]")];
    if (field.value !== field.defaultValue || ticks.some((tick) => tick.checked !== tick.defaultChecked)) show();
  }
})();
