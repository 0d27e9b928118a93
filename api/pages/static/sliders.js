// Points as sliders beside their numbers, and what they add up to. Without this the numbers stay.
(() => {
  "use strict";

  const form = document.querySelector("[data-sliders]");
  if (!form) return;
  const numbers = [...form.querySelectorAll("input[type=number]")];
  const said = form.querySelector(".sum");
  const lang = document.documentElement.lang;
  const written = (value) => value.toLocaleString(lang, { maximumFractionDigits: 1 });

  const tell = () => {
    const total = numbers.reduce((sum, one) => sum + (Number(one.value) || 0), 0);
    const off = Math.round((100 - total) * 10) / 10;
    const parts = [said.dataset.total.replace("{total}", written(total))];
    if (off > 0) parts.push(said.dataset.more.replace("{n}", written(off)));
    if (off < 0) parts.push(said.dataset.less.replace("{n}", written(-off)));
    said.textContent = `${off === 0 ? "✓ " : ""}${parts.join(" · ")}`;
  };

  for (const number of numbers) {
    const slider = document.createElement("input");
    slider.type = "range";
    for (const name of ["min", "max", "step"]) slider[name] = number.getAttribute(name);
    slider.value = number.value;
    slider.setAttribute("aria-label", number.labels[0].textContent.trim());
    slider.addEventListener("input", () => {
      number.value = slider.value;
      tell();
    });
    number.addEventListener("input", () => {
      slider.value = number.value || 0;
      tell();
    });
    const row = document.createElement("div");
    row.className = "slider";
    number.before(row);
    row.append(slider, number);
  }
  tell();
})();
