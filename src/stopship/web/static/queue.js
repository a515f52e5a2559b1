// Ticks in the queue: all of the page at once, and how many there are. Without this file the boxes work as they are.
(function () {
  "use strict";
  const boxes = [...document.querySelectorAll("[data-tick]")];
  const all = document.querySelector("[data-tick-all]");
  const button = document.querySelector("[data-ticked]");
  const count = document.querySelector("[data-ticked-count]");
  if (!boxes.length || !all || !button) return;
  const show = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    count.textContent = ticked ? `(${ticked})` : "";
    button.disabled = ticked === 0;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  };
  all.hidden = false;
  all.addEventListener("change", () => {
    boxes.forEach((box) => { box.checked = all.checked; });
    show();
  });
  document.addEventListener("change", show);
  window.addEventListener("pageshow", show); // a browser that goes back brings the ticks along
  show();
})();
