// Where addresses stand in a text, as X finds them, and what is one emoji: actions/parsing.py does the same. `signs`: static/js/signs.js.
// How many letters a part of a host takes when it is written in ASCII (RFC 3492), without "xn--".
function punycode(text) {
  const points = [...text].map((sign) => sign.codePointAt(0)), basic = points.filter((point) => point < 128).length;
  let length = basic + (basic ? 1 : 0), limit = 128, delta = 0, bias = 72, done = basic;
  while (done < points.length) {
    const next = Math.min(...points.filter((point) => point >= limit));
    delta += (next - limit) * (done + 1);
    limit = next;
    for (const point of points) {
      if (point < limit) delta += 1;
      if (point !== limit) continue;
      let rest = delta;
      for (let base = 36; ; base += 36) {
        length += 1;
        const least = Math.min(Math.max(base - bias, 1), 26);
        if (rest < least) break;
        rest = Math.floor((rest - least) / (36 - least));
      }
      delta = Math.floor(delta / (done === basic ? 700 : 2));
      done += 1;
      delta += Math.floor(delta / done);
      let steps = 0;
      for (; delta > 455; steps += 36) delta = Math.floor(delta / 35);
      bias = steps + Math.floor((36 * delta) / (delta + 38));
      delta = 0;
    }
    delta += 1;
    limit += 1;
  }
  return length;
}
const fits = (label) => [...label].length <= 63 && (/^[\0-\x7f]*$/.test(label) || 4 + punycode(label) <= 63);
const label = "[^\\s!-,/:-@\\[-^`{-~.]";
const noHost = new RegExp(`(?<!${label})(?:(?:${label}*\\.){7,}|${label}{64,}\\.|(?:${label}|\\.){254,})`, "gu");

export default (signs) => {
  const made = (pattern, flags) => new RegExp(pattern.replace("{ends}", () => signs.ends), flags);
  const address = made(signs.address, "giu"), latin = made(signs.latin, "giu"), short = made(signs.short, "iu");
  const addresses = (text) => {
    const found = [];
    const searched = text.replace(noHost, (host) => host.replaceAll(".", "-")).replace(/[İıſ]/g, (sign) => (sign === "ſ" ? "ŝ" : "ĭ"));
    for (const match of searched.matchAll(address)) {
      const [whole, , before, url, protocol, host, , path] = match;
      const end = match.index + whole.length, start = end - url.length;
      if ([...url].length > 4096 || !host.split(".").every(fits)) continue;
      const shortened = protocol && short.exec(url);
      if (protocol && !shortened) found.push([start, end]);
      else if (shortened && shortened[1].length <= 40) found.push([start, start + shortened[0].length]);
      else if (!protocol && !/^[-_./]$/.test(before)) {
        const hosts = [...host.matchAll(latin)].map((one) => [start + one.index, start + one.index + one[0].length]);
        if (hosts.length && path) hosts.at(-1)[1] = end;
        found.push(...hosts);
      }
    }
    return found;
  };
  return { addresses, emoji: made(signs.emoji, "gu") };
};
