// The secret of a link goes from the address into the form: nothing keeps it, no history, no log.
(() => {
  "use strict";

  const take = () => {
    const secret = location.hash.slice(1);
    const form = document.querySelector("[data-secret]");
    if (!/^[\w-]{40,100}$/.test(secret) || !form) return; // not a place of the page
    history.replaceState(null, "", location.pathname + location.search);
    const field = form.elements.namedItem("secret");
    field.value = secret;
    field.closest(".ds-field")?.setAttribute("hidden", "");
    for (const one of document.querySelectorAll("[data-ready]")) one.hidden = false;
  };
  take();
  window.addEventListener("hashchange", take);
})();
