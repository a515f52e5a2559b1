// A file that is too long is told before it is sent; while one is sent, the page says so and the button rests.
(function () {
  "use strict";
  const form = document.querySelector("form.upload");
  if (!form) return;
  const file = form.querySelector("input[type=file]");
  const wrong = document.getElementById("file-wrong");
  const tooLong = () => file.files.length > 0 && file.files[0].size > Number(form.dataset.most);
  const tell = () => {
    wrong.hidden = !tooLong();
    file.classList.toggle("is-invalid", tooLong());
    if (tooLong()) file.setAttribute("aria-invalid", "true");
    else file.removeAttribute("aria-invalid");
  };
  file.addEventListener("change", tell);
  form.addEventListener("submit", (event) => {
    if (tooLong()) {
      event.preventDefault();
      tell();
      file.focus();
      return;
    }
    form.classList.add("is-sending");
    form.querySelector("button[type=submit]").disabled = true;
  });
  // Back from the next page, the form is as it was.
  window.addEventListener("pageshow", () => {
    form.classList.remove("is-sending");
    form.querySelector("button[type=submit]").disabled = false;
  });
})();
