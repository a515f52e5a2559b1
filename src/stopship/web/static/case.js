// A case under the hands of somebody who works many: keys on hits and reasons, the next case held ready, and a page
// that follows when another person's lock ends. Without this file every link and form does the same by itself.
(function () {
  "use strict";
  const FRESH = 60000; // how long a page that was fetched ahead may be shown
  const EVERY = 10000; // between two looks at a lock
  const keysOn = document.documentElement.dataset.keys !== "off";
  const page = () => document.getElementById("case");
  const go = (key) => document.querySelector(`[data-go="${key}"]`);
  let ahead = null;
  let pulse = 0;

  const announce = (text) => {
    const line = document.getElementById("announce");
    line.textContent = "";
    window.setTimeout(() => { line.textContent = text; }, 50);
  };

  // -- one page in place of another ------------------------------------------------------------------------------

  const show = (text, place, notice) => {
    const read = new DOMParser().parseFromString(text, "text/html");
    const fresh = read.getElementById("main");
    if (!fresh) return false;
    document.getElementById("main").replaceWith(fresh);
    document.title = read.title;
    if (place) {
      window.history.pushState({ stopship: place }, "", place);
      const back = document.querySelector('.tools input[name="back"]');
      if (back) back.value = new URL(place, window.location.href).pathname;
    }
    if (notice) document.getElementById("done").innerHTML = notice;
    if (window.htmx) window.htmx.process(fresh);
    window.scrollTo(0, 0);
    const first = fresh.querySelector('[role="alert"]') || fresh;
    first.focus({ preventScroll: true });
    settle();
    const shown = page();
    if (shown) announce(shown.dataset.announce);
    return true;
  };

  const path = (place) => {
    const url = new URL(place, window.location.href);
    url.searchParams.delete("done");
    return url.pathname + url.search;
  };

  const ready = (place) =>
    ahead && ahead.text && ahead.path === path(place) && Date.now() - ahead.at < FRESH ? ahead.text : null;

  const fetchAhead = () => {
    const next = document.querySelector('a[rel="next"][data-go]');
    ahead = null;
    if (!next) return;
    const wanted = { path: path(next.href), at: Date.now(), text: null };
    ahead = wanted;
    fetch(next.href, { credentials: "same-origin" })
      .then((answer) => (answer.ok && !answer.redirected ? answer.text() : null))
      .then((text) => { wanted.text = text; wanted.at = Date.now(); next.dataset.ready = text ? "yes" : "no"; })
      .catch(() => { ahead = null; });
  };

  window.addEventListener("popstate", () => window.location.reload());

  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[data-go="n"]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const text = ready(link.href);
    if (text && show(text, link.href)) event.preventDefault();
  });

  // -- decided: on to the next -----------------------------------------------------------------------------------

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-goes-on]") || !ahead || !ahead.text) return;
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    fetch(form.action, {
      method: "POST",
      credentials: "same-origin",
      headers: { "x-in-place": "1" },
      body: new URLSearchParams(new FormData(form)),
    })
      .then(async (answer) => ({ place: answer.headers.get("x-place"), ok: answer.ok, status: answer.status, text: await answer.text() }))
      .then((answer) => {
        button.disabled = false;
        if (answer.place) {
          const text = ready(answer.place);
          if (!(text && show(text, answer.place, answer.text))) window.location.assign(answer.place);
        } else if (answer.status === 409) {
          show(answer.text);
        } else if (answer.status === 401) {
          form.submit(); // the session has ended: as a whole page it asks to sign in, and takes along what was typed
        } else {
          refuse(answer.text);
        }
      })
      .catch(() => { button.disabled = false; refuse(""); });
  });

  // What was typed stays, and above it stands why it was not taken.
  const refuse = (text) => {
    const read = new DOMParser().parseFromString(text, "text/html");
    const said = read.querySelector(".problem");
    const done = document.getElementById("done");
    const box = document.createElement("div");
    box.className = "banner wrong";
    box.setAttribute("role", "alert");
    box.tabIndex = -1;
    const line = document.createElement("p");
    line.textContent = page().dataset.notSent;
    box.append(line);
    if (said) line.append(...[...said.querySelectorAll("h1, p:not(:has(a, button))")].map((part) => ` ${part.textContent.trim()}`));
    done.replaceChildren(box);
    box.focus();
  };

  // -- a lock ends -----------------------------------------------------------------------------------------------

  const typed = () =>
    [...document.querySelectorAll("#case textarea")].some((field) => field.value !== field.defaultValue);

  const look = () => {
    const shown = page();
    if (!shown || !shown.dataset.pulse || document.hidden) return;
    fetch(shown.dataset.pulse, { credentials: "same-origin" })
      .then((answer) => (answer.ok ? answer.json() : null))
      .then((now) => {
        if (!now || (now.locked && String(now.version) === shown.dataset.version)) return;
        if (typed()) {
          document.getElementById("locked").textContent = shown.dataset.ended;
          delete shown.dataset.pulse;
          return;
        }
        fetch(window.location.href, { credentials: "same-origin" })
          .then((answer) => (answer.ok ? answer.text() : null))
          .then((text) => { if (text) show(text); });
      })
      .catch(() => {});
  };

  const watch = () => {
    window.clearInterval(pulse);
    const shown = page();
    if (!shown || !shown.dataset.pulse) return;
    pulse = window.setInterval(look, EVERY);
    const left = Date.parse(shown.dataset.until) - Date.now();
    if (left > 0 && left < 86400000) window.setTimeout(look, left + 1000);
  };

  // -- keys ------------------------------------------------------------------------------------------------------

  const reason = () => document.getElementById("reason");
  const verdictOf = (form) => {
    const data = new FormData(form);
    return data.get("verdict") || [...data.entries()].filter(([name, value]) => name.startsWith("verdict:") && value).map(([, value]) => value)[0] || "";
  };

  // Numbers follow the verdict: the reasons that speak for it come first.
  const numbered = () => {
    const field = reason();
    if (!field) return [];
    const verdict = verdictOf(field.form);
    const groups = [...field.querySelectorAll("optgroup")];
    groups.sort((a, b) => (b.dataset.for === verdict) - (a.dataset.for === verdict) || (b.dataset.for === "any") - (a.dataset.for === "any"));
    return groups.flatMap((group) => [...group.children]).slice(0, 9);
  };

  const number = () => {
    const field = reason();
    if (!field || !keysOn) return;
    document.getElementById("reason-keys").hidden = false;
    for (const option of field.options) {
      if (option.dataset.text === undefined) option.dataset.text = option.textContent;
      option.textContent = option.dataset.text;
    }
    numbered().forEach((option, at) => { option.textContent = `${option.dataset.text} (${at + 1})`; });
  };

  document.addEventListener("change", (event) => {
    if (event.target.matches('[name^="verdict"]')) number();
  });

  const onHit = (key) => {
    const hit = document.activeElement.closest(".case-hit");
    const choice = hit && hit.querySelector(`[data-hit-key="${key}"]`);
    if (choice) { choice.checked = true; number(); }
    return Boolean(choice);
  };

  const inReason = (event) => {
    if (/^[1-9]$/.test(event.key)) {
      const option = numbered()[Number(event.key) - 1];
      if (option) option.selected = true;
      return Boolean(option);
    }
    if (event.key === "Enter" && event.target.value) {
      event.target.form.requestSubmit();
      return true;
    }
    return false;
  };

  document.addEventListener("keydown", (event) => {
    if (!keysOn || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (document.getElementById("help").open) return;
    let done = false;
    if (event.target.id === "reason") {
      done = inReason(event);
    } else if (!event.target.closest("input:not([type=radio]):not([type=checkbox]), select, textarea")) {
      if (event.key === "t" || event.key === "f") done = onHit(event.key);
      if (event.key === "r" && reason()) { reason().focus(); done = true; }
      if (["n", "p", "u"].includes(event.key) && go(event.key)) { go(event.key).click(); done = true; }
    }
    if (done) { event.preventDefault(); event.stopPropagation(); }
  }, true);

  // -- a page has come -------------------------------------------------------------------------------------------

  const settle = () => {
    number();
    watch();
    window.setTimeout(fetchAhead, 250);
  };
  if (document.readyState === "complete") settle();
  else window.addEventListener("load", settle);
})();
