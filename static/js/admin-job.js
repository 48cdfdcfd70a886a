// How far a job is, without reload: asks every two seconds, only while it is under way and the page is seen.
(() => {
  const job = document.querySelector("[data-job]");
  if (!job || !document.querySelector("[data-under-way]")) return;
  const every = 2000;
  const show = (data) => {
    job.querySelector("[data-said]").textContent = data.said;
    job.querySelector("[data-changed]").textContent = data.changed;
    const bar = job.querySelector("progress");
    // Nobody knows how many there are while they are chosen; what comes of it then, the page says anew.
    if (data.total === null && data.is_under_way) return;
    if (!bar.hasAttribute("value")) return location.reload();
    bar.max = data.total;
    bar.value = data.done;
    if (data.is_under_way) return;
    job.querySelector("[role=status]").textContent = data.said;
    for (const element of document.querySelectorAll("[data-under-way]")) element.remove();
    const undo = document.querySelector("[data-undo]");
    if (undo) undo.hidden = !data.may_undo;
  };
  const ask = async () => {
    if (!document.hidden) {
      try {
        const answer = await fetch(job.dataset.job);
        if (answer.ok && !answer.redirected) {
          const data = await answer.json();
          show(data);
          if (!data.is_under_way) return;
        }
      } catch { /* the next turn asks again */ }
    }
    setTimeout(ask, every);
  };
  setTimeout(ask, every);
})();
