/* What a beginning may become, below the search box, while a reader types: a combobox with a list (WAI-ARIA 1.2).
   In: /search/suggest, an array [typed, [texts], [what each is]] (OpenSearch Suggestions 1.1). Out: the form of the box,
   sent with the text that was chosen. A browser that does not run this has the form as it is. */
"use strict";
(() => {
  const box = document.getElementById("q");
  if (!box || !box.form) return;
  const WAIT = 150, SHORTEST = 2;
  const list = document.createElement("ul");
  let timer = 0, turn = 0, active = -1;

  const mark = (place) => {
    if (list.children[active]) list.children[active].setAttribute("aria-selected", "false");
    active = place;
    const option = list.children[active];
    if (!option) return box.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", option.id);
  };
  const open = (yes) => {
    mark(-1);
    list.hidden = !yes;
    box.setAttribute("aria-expanded", String(yes));
  };
  const close = () => {
    clearTimeout(timer);
    turn += 1; // an answer that is still on its way comes too late
    open(false);
  };
  const option = (text, told, place) => {
    const made = document.createElement("li"), words = document.createElement("span"), kind = document.createElement("small");
    made.id = `suggestion-${place}`;
    made.setAttribute("role", "option");
    made.setAttribute("aria-selected", "false");
    words.textContent = text;
    kind.textContent = told;
    made.append(words, " ", kind);
    return made;
  };
  const ask = async () => {
    const mine = turn += 1;
    const asked = new URLSearchParams({ q: box.value.trim(), lang: document.documentElement.lang });
    let texts = [], told = [];
    try {
      const answer = await fetch(`/search/suggest?${asked}`);
      if (answer.ok) [, texts, told] = await answer.json();
    } catch { /* who is offline goes on typing */ }
    if (mine !== turn) return;
    mark(-1);
    list.replaceChildren(...texts.map((text, place) => option(text, told[place], place)));
    open(texts.length > 0);
  };
  const later = () => {
    if ([...box.value.trim()].length < SHORTEST) return close();
    clearTimeout(timer);
    turn += 1;
    mark(-1);
    timer = setTimeout(ask, WAIT);
  };
  const choose = (chosen) => {
    box.value = chosen.firstChild.textContent;
    close();
    if (box.form.requestSubmit) box.form.requestSubmit();
    else box.form.submit();
  };
  const move = (step) => {
    const places = list.children.length + 1; // the box itself is one
    if (list.hidden) later();
    else mark((active + 1 + step + places) % places - 1);
  };

  list.id = "suggestions";
  list.hidden = true;
  for (const [name, value] of [["role", "listbox"], ["aria-label", box.dataset.suggestions]]) list.setAttribute(name, value);
  const told = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
  for (const name in told) box.setAttribute(name, told[name]);
  box.parentNode.append(list);

  box.addEventListener("input", later);
  box.addEventListener("blur", close);
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // these keys belong to the keyboard program
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Escape" && !list.hidden) close();
    else if (event.key === "Enter" && active >= 0) choose(list.children[active]);
    else return;
    event.preventDefault();
  });
  box.form.addEventListener("submit", close);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
  list.addEventListener("click", (event) => {
    const chosen = event.target.closest("[role=option]");
    if (chosen) choose(chosen);
  });
})();
