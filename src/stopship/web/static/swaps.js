// What readers of a screen and users of a keyboard need after a part of the page was replaced: the focus on what is
// new, and a sentence that says what it is. And on paper, everything unfolded.
(function () {
  "use strict";
  const announce = (text) => {
    const line = document.getElementById("announce");
    line.textContent = "";
    window.setTimeout(() => { line.textContent = text; }, 50);
  };

  document.addEventListener("htmx:afterSettle", (event) => {
    const target = event.detail.target;
    if (!target || !target.isConnected) return;
    const told = target.querySelector("[data-announce]");
    if (told) announce(told.dataset.announce);
    const first = target.querySelector("[data-focus]");
    if (first) {
      first.focus({ preventScroll: true });
      first.scrollIntoView({ block: "nearest" });
    }
  });

  // A whole page that begins with a message, after a form was sent: its reader begins there, too.
  document.addEventListener("DOMContentLoaded", () => {
    const told = document.querySelector("main [data-focus]");
    if (told && document.activeElement === document.body) told.focus({ preventScroll: true });
  });

  document.addEventListener("htmx:sendError", () => announce(document.documentElement.dataset.offline || ""));

  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("main details:not([open])")];
    folded.forEach((one) => { one.open = true; });
  });
  window.addEventListener("afterprint", () => {
    folded.forEach((one) => { one.open = false; });
    folded = [];
  });

  // A menu closes when the reader goes elsewhere, and on Escape, with the focus back on what opened it.
  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
})();
