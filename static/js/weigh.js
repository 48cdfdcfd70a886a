// How long each network takes a post to be, while it is typed, as it will go there: with the target's handle or name on that network,
// and with the campaign's address. The server has the last word when the button is pressed (actions/networks.py).
(() => {
  const number = new Intl.NumberFormat(document.documentElement.lang, { useGrouping: "always" });
  const light = [[0, 0x10ff], [0x2000, 0x200d], [0x2010, 0x201f], [0x2032, 0x2037]];
  const address = /(?:https?:\/\/)?(?:[\p{L}\p{N}-]+\.)+[a-z]{2,}(?:[/?#][^\s]*)?/giu;
  const link = /https?:\/\/(\S*[\p{L}\p{N}_/])/giu;
  const signs = new Intl.Segmenter(undefined, { granularity: "grapheme" });
  const weigh = (text) => {
    let weight = 0;
    const rest = text.normalize("NFC").replace(address, () => { weight += 23; return ""; });
    for (const { segment } of signs.segment(rest)) {
      if (/\p{Extended_Pictographic}|\p{Regional_Indicator}{2}|\u20e3/u.test(segment) && /[^\u0000-\u2fff]|\ufe0f|\u20e3|\p{Emoji_Presentation}/u.test(segment)) { weight += 2; continue; }
      for (const sign of segment) weight += light.some(([low, high]) => sign.codePointAt(0) >= low && sign.codePointAt(0) <= high) ? 1 : 2;
    }
    return weight;
  };
  const graphemes = (text) => [...signs.segment(text)].length;
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
      for (const place of shown) {
        const weight = weightAt(place.dataset, field.value.trim()) + (place.dataset.weight === "x" ? quoted() : 0), limit = Number(place.dataset.limit);
        place.textContent = place.dataset.text.replace("{weight}", number.format(weight)).replace("{limit}", number.format(limit));
        place.toggleAttribute("data-over", weight > limit);
      }
    };
    field.addEventListener("input", show);
    field.form.addEventListener("change", show);
    show();
  }
})();
