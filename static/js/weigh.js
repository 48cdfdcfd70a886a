// How long each network takes a post to be, while it is typed. The server has the last word when the button is pressed.
(() => {
  const field = document.querySelector("[data-weigh]");
  const shown = document.querySelectorAll("[data-weight]");
  if (!field) return;
  const number = new Intl.NumberFormat(document.documentElement.lang, { useGrouping: "always" });
  const light = [[0, 0x10ff], [0x2000, 0x200d], [0x2010, 0x201f], [0x2032, 0x2037]];
  const address = /(?:https?:\/\/)?(?:[\p{L}\p{N}-]+\.)+[a-z]{2,}(?:[/?#][^\s]*)?/giu;
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
  // As Python's quote() writes it, which leaves fewer signs as they are.
  const encoded = (text) => encodeURIComponent(text.toWellFormed?.() ?? text).replace(/[!'()*]/g, "%21").length;
  const measures = {
    x: weigh, graphemes: (text) => [...signs.segment(text)].length, characters: (text) => [...text].length, encoded,
    mail: (text) => encoded(text.replace(/\n/g, "\r\n")),
  };
  const show = () => {
    for (const place of shown) {
      const weight = measures[place.dataset.weight](field.value.trim()), limit = Number(place.dataset.limit);
      place.textContent = place.dataset.text.replace("{weight}", number.format(weight)).replace("{limit}", number.format(limit));
      place.toggleAttribute("data-over", weight > limit);
    }
  };
  field.addEventListener("input", show);
  show();
})();
