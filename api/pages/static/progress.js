// How far long work is, as it goes. Without this the page offers to look again.
(() => {
  "use strict";

  const card = document.querySelector("[data-events]");
  if (!card) return;
  const bar = card.querySelector("progress");
  const said = document.getElementById("step");
  const unfinished = ["queued", "running"];
  let polls;

  const tell = (round) => {
    if (!unfinished.includes(round.status)) {
      location.reload();
      return;
    }
    const text = card.getAttribute(`data-step-${round.step || "ready"}`) ?? said.textContent;
    const number = (value) => value.toLocaleString(document.documentElement.lang);
    said.textContent = text
      .replace("{done}", number(round.done))
      .replace("{total}", number(round.total));
    if (round.step === "candidates" && round.total) {
      bar.max = round.total;
      bar.value = round.done;
    } else {
      bar.removeAttribute("value");
    }
  };

  const poll = async () => {
    try {
      const answer = await fetch(card.dataset.round, { headers: { Accept: "application/json" } });
      if (answer.ok) tell(await answer.json());
    } catch {
      // the next look may work
    }
  };

  const fallBack = () => {
    polls ??= setInterval(poll, 3000);
  };

  if (!window.EventSource) {
    fallBack();
    return;
  }
  const events = new EventSource(card.dataset.events);
  for (const status of [...unfinished, "done", "failed", "cancelled"]) {
    events.addEventListener(status, (event) => tell(JSON.parse(event.data)));
  }
  events.addEventListener("error", () => {
    // a stream that ends is opened again by the browser; one that is refused is not
    if (events.readyState === EventSource.CLOSED) fallBack();
  });
})();
