// A button that copies what is shown once. Without script, or where the browser has no clipboard, it isn't there.
(function () {
  "use strict";
  if (!navigator.clipboard) return;
  document.querySelectorAll("[data-copy]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent).then(() => {
        button.textContent = button.dataset.copied;
      }, () => { button.hidden = true; });
    });
  });
})();
