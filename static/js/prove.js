// Does the work that a crowded address is asked for, a few tries at a time, so that the page stays usable and shows how far it
// is. Whoever presses the button before that has pressed: the form goes when the work is done, or when the wait is over.
(() => {
  const field = document.querySelector("[data-work]");
  if (!field) return;
  const form = field.form, part = (name) => form.querySelector(`[data-${name}]`);
  let done = false, pressed = false;
  const finish = () => {
    if (done) return;
    done = true;
    part("wait").hidden = part("working").hidden = true;
    part("done").hidden = false;
    document.documentElement.dataset.proved = "";
    if (pressed) form.requestSubmit();
  };
  form.addEventListener("submit", (event) => {
    if (done || part("working").hidden) return;
    event.preventDefault();
    pressed = true;
  });
  if (!field.dataset.work) return finish();
  setTimeout(finish, field.dataset.seconds * 1000 + 1000);
  if (!window.crypto || !crypto.subtle) return;
  const { parameters, signature } = JSON.parse(field.dataset.work);
  const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
  const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const nonce = bytes(parameters.nonce), salt = bytes(parameters.salt), tries = parameters.data.tries;
  const derive = async (counter) => {
    const password = new Uint8Array(nonce.length + 4);
    password.set(nonce);
    new DataView(password.buffer).setUint32(nonce.length, counter);
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: parameters.cost };
    return hex(await crypto.subtle.deriveBits(how, key, parameters.keyLength * 8));
  };
  const prove = async () => {
    const bar = part("working").querySelector("progress");
    part("wait").hidden = true;
    part("working").hidden = false;
    for (let from = 0; from < tries && !done; from += 16) {
      const keys = await Promise.all(Array.from({ length: Math.min(16, tries - from) }, (_, next) => derive(from + next)));
      const found = keys.findIndex((key) => key.startsWith(parameters.keyPrefix));
      bar.value = (100 * from) / tries;
      if (found < 0) continue;
      const solution = { counter: from + found, derivedKey: keys[found] };
      field.value = btoa(JSON.stringify({ challenge: { parameters, signature }, solution }));
      return finish();
    }
  };
  prove();
})();
