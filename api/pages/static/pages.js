// What makes hands faster. Every page works without it.
(() => {
  "use strict";

  const isTyping = (target) => target.closest("input, select, textarea, [contenteditable]");

  // j and k go through a list, Enter opens what has the focus.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const step = { j: 1, k: -1 }[event.key];
    const rows = [...document.querySelectorAll("[data-rows] [data-row]")];
    if (!step || rows.length === 0) return;
    const at = rows.indexOf(document.activeElement.closest("[data-row]"));
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
    (next.querySelector("a, button") ?? next).focus();
    event.preventDefault();
  });

  // What went wrong is read first.
  const toFaults = () => document.getElementById("faults")?.focus();
  document.addEventListener("DOMContentLoaded", toFaults);
  document.addEventListener("htmx:afterSwap", toFaults);

  // A part of the page that says what was done says it aloud too.
  document.addEventListener("htmx:afterSwap", () => {
    const said = document.querySelector("[data-said]");
    if (said) document.getElementById("spoken").textContent = said.dataset.said;
  });
})();

// Several cases are confirmed at once only after each was opened: its page gave a mark.
(() => {
  "use strict";

  const KEY = "opened";
  const marks = () => JSON.parse(sessionStorage.getItem(KEY) ?? "[]");

  const keepMark = () => {
    const mark = document.querySelector("article[data-opened]")?.dataset.opened;
    if (mark && !marks().includes(mark)) {
      sessionStorage.setItem(KEY, JSON.stringify([...marks(), mark].slice(-200)));
    }
  };

  const offer = () => {
    const form = document.getElementById("several");
    if (!form) return;
    const markOf = (seen) => marks().find((one) => one.startsWith(`${seen}.`));
    for (const row of document.querySelectorAll("form[data-confirms]")) {
      const mark = markOf(row.dataset.confirms);
      if (!mark) continue;
      row.elements.opened.value = mark;
      row.hidden = false;
    }
    for (const box of document.querySelectorAll("input[data-case]")) {
      const mark = markOf(box.dataset.case);
      if (!mark) continue;
      box.value = mark;
      box.disabled = box.hidden = false;
      form.hidden = false;
    }
  };

  document.addEventListener("DOMContentLoaded", () => { keepMark(); offer(); });
  document.addEventListener("htmx:afterSwap", offer);
})();

// A date that is chosen is said in words: browsers write dates each in a way of their own.
(() => {
  "use strict";

  const lang = document.documentElement.lang;
  const words = new Intl.DateTimeFormat(
    { en: "en-GB", pt: "pt-PT" }[lang] ?? lang, { dateStyle: "long", timeZone: "UTC" });

  document.addEventListener("input", ({ target }) => {
    if (target.type !== "date") return;
    const told = document.querySelector(`output[data-in-words][for="${CSS.escape(target.id)}"]`);
    if (told) told.textContent = target.value ? words.format(new Date(target.value)) : "";
  });
})();
