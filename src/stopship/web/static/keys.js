// Single keys: / search, j k move, x tick, Enter open, t f e decide, ? help. They act only outside of fields, never with
// Ctrl, Alt or Meta, and not at all where the reader switched them off.
(function () {
  "use strict";
  const help = document.getElementById("help");
  const opener = document.querySelector("[data-help]");
  const openHelp = () => { if (!help.open) help.showModal(); };
  opener.hidden = false;
  opener.addEventListener("click", openHelp);
  help.addEventListener("close", () => opener.focus());

  if (document.documentElement.dataset.keys === "off") return;

  const typing = (element) =>
    element.isContentEditable ||
    (["INPUT", "SELECT", "TEXTAREA"].includes(element.tagName) && !element.matches("[data-tick], [data-tick-all]"));
  const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);
  const handle = (row) => row.querySelector("[data-open], summary") || row;

  const move = (step) => {
    const all = rows();
    if (!all.length) return;
    const at = all.findIndex((row) => row.contains(document.activeElement));
    const to = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1);
    const target = handle(all[to]);
    target.focus();
    target.scrollIntoView({ block: "nearest" });
  };
  const press = (key) => {
    const found = document.querySelector(`[data-key="${key}"]:not([disabled])`);
    if (found) {
      found.click();
      const then = document.getElementById(found.dataset.then);
      if (then) then.focus();
    }
    return Boolean(found);
  };
  const search = () => {
    const field = document.querySelector("[data-search]");
    if (field) { field.focus(); field.select(); }
  };
  const tick = () => {
    const row = document.activeElement.closest("[data-row]");
    const box = row && row.querySelector("[data-tick]");
    if (box) box.click();
  };
  const acts = {
    "/": search,
    "j": () => move(1),
    "k": () => move(-1),
    "x": tick,
    "?": openHelp,
    "t": () => press("t"),
    "f": () => press("f"),
    "e": () => press("e"),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || event.isComposing) return;
    if (typing(event.target) || help.open || !acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  });
})();
