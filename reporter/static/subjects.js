/* Long lists of subjects: found by typing, ticked with the keyboard, and what is chosen stands above them. */

import { tool, words } from "./said.js";

const LONG = 8; // a shorter list is seen at a glance
const PAUSE = 400; // ms without typing before the number of matches is read out

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const depthOf = (label) => Number(/depth-(\d)/.exec(label.className)?.[1] ?? 0);
const boxOf = (label) => label.querySelector("input");
const nameOf = (label) => label.textContent.trim();

// The longest list comes as a selection of many, to keep the page small. It is made boxes before anybody reads the form.
document.querySelectorAll(".subjects select[multiple]").forEach((select) => {
  select.parentElement.replaceChildren(...[...select.options].map((option) => {
    const label = document.createElement("label");
    const box = Object.assign(document.createElement("input"), { type: "checkbox", name: select.name, value: option.value });
    box.defaultChecked = box.checked = option.selected;
    const [indent] = /^\u2003*/.exec(option.text);
    if (indent) label.className = `depth-${indent.length}`;
    label.append(box, option.text.slice(indent.length));
    return label;
  }));
});

/** Put a search field and what is chosen over every long list of `form`. */
export function addFinders(form) {
  for (const list of form.querySelectorAll(".subjects")) {
    if (list.querySelectorAll(".choices label").length > LONG) addFinder(list, form);
  }
}

function addFinder(list, form) {
  const labels = [...list.querySelectorAll(".choices label")];
  const terms = labels.map((label) => ({ label, box: boxOf(label), depth: depthOf(label), words: fold(nameOf(label)) }));
  terms.forEach((term, place) => { term.parent = terms.slice(0, place).findLast((one) => one.depth < term.depth); });
  const finder = tool(".finder");
  const [field, status] = [finder.querySelector("input"), finder.querySelector("[role=status]")];
  finder.querySelector("label span").textContent = words("find", { list: list.querySelector("legend").textContent });
  const choices = list.querySelector(".choices");
  const scroll = document.createElement("div");
  scroll.className = "subject-scroll";
  choices.before(finder, scroll);
  scroll.append(choices);
  list.classList.add("with-finder");

  let matches = terms;
  let timer = 0;
  const chosen = () => showChosen(finder, labels, field);
  const filter = () => {
    matches = find(terms, field.value);
    list.classList.toggle("searching", Boolean(field.value.trim()));
    scroll.scrollTop = 0;
    clearTimeout(timer);
    timer = setTimeout(() => { status.textContent = field.value.trim() ? words("matches", { count: matches.length }) : ""; }, PAUSE);
  };
  const clear = () => { field.value = ""; filter(); };
  for (const kind of ["input", "change"]) {
    field.addEventListener(kind, (event) => { event.stopPropagation(); filter(); }); // no part of the text
  }
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault(); // it would send the form
      if (field.value.trim() && matches.length === 1) { matches[0].box.click(); field.select(); } else matches[0]?.box.focus();
    } else if (event.key === "ArrowDown" && matches.length) {
      event.preventDefault();
      matches[0].box.focus();
    } else if (event.key === "Escape" && field.value) {
      event.preventDefault();
      clear();
    }
  });
  choices.addEventListener("keydown", (event) => walk(event, labels, field, clear));
  choices.addEventListener("change", chosen);
  form.addEventListener("shown", chosen);
  unfold(list, finder.querySelector(".show-all"), labels.length);
  chosen();
}

/** The terms in whose names all the words stand; they and those above them are shown, in bold what was found. */
function find(terms, typed) {
  const asked = fold(typed).split(/\s+/).filter(Boolean);
  const found = terms.filter((term) => asked.every((word) => term.words.includes(word)));
  const seen = new Set(found);
  for (const term of found) for (let one = term.parent; one; one = one.parent) seen.add(one);
  for (const term of terms) {
    term.label.hidden = !seen.has(term);
    term.label.classList.toggle("around", asked.length > 0 && seen.has(term) && !found.includes(term));
  }
  return found;
}

/** Arrows go from box to box and back to the search field, Enter ticks as Space does, Escape begins anew. */
function walk(event, labels, field, clear) {
  const seen = labels.filter((label) => !label.hidden).map(boxOf);
  const here = seen.indexOf(event.target);
  if (here < 0) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) (seen[here + step] ?? (step < 0 ? field : seen[here])).focus();
  else if (event.key === "Enter") event.target.click();
  else if (event.key === "Escape") { clear(); field.focus(); } else return;
  event.preventDefault();
}

function showChosen(finder, labels, field) {
  const list = finder.querySelector(".chips");
  const chosen = labels.filter((label) => boxOf(label).checked);
  list.replaceChildren(...chosen.map((label) => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    const sign = document.createElement("span");
    const hidden = document.createElement("span");
    button.type = "button";
    [sign.textContent, hidden.className, hidden.textContent] = ["×", "hidden", words("takeOut")];
    sign.setAttribute("aria-hidden", "true");
    button.append(nameOf(label), " ", sign, hidden);
    button.addEventListener("click", () => {
      const place = chosen.indexOf(label);
      boxOf(label).click(); // the list is made anew by that
      (list.querySelectorAll("button")[Math.min(place, chosen.length - 2)] ?? field).focus();
    });
    item.append(button);
    return item;
  }));
  list.hidden = !chosen.length;
  finder.querySelector(".chosen").textContent = words("chosen", { count: chosen.length });
}

/** On a narrow screen the list itself opens when asked for, or when something is searched. */
function unfold(list, button, count) {
  const show = (open) => {
    list.classList.toggle("all", open);
    button.setAttribute("aria-expanded", String(open));
    button.textContent = open ? words("fewer") : words("all", { count });
  };
  button.addEventListener("click", () => show(button.getAttribute("aria-expanded") !== "true"));
  show(false);
}

const suggested = new WeakMap(); // form -> the ids suggested last

/** Offer policy issues, by their ids, as buttons that tick; those that are ticked already are left out. */
export function suggest(form, ids) {
  const list = form.querySelector("#choose-policy_issues");
  if (!list) return;
  let place = list.querySelector("#suggested-issues");
  if (!place) {
    place = document.createElement("div");
    place.id = "suggested-issues";
    (list.querySelector(".finder, .choices")).before(place);
    list.addEventListener("change", () => offer(place, list, suggested.get(form)));
    form.addEventListener("shown", () => offer(place, list, suggested.get(form)));
  }
  suggested.set(form, ids.map(String));
  offer(place, list, suggested.get(form));
}

function offer(place, list, ids) {
  const labels = [...list.querySelectorAll(".choices label")].filter((label) => ids.includes(boxOf(label).value) && !boxOf(label).checked);
  const offered = labels.map((label) => boxOf(label).value).join();
  if (place.dataset.offered === offered) return;
  place.dataset.offered = offered;
  const focused = [...place.querySelectorAll("button")].indexOf(document.activeElement);
  place.hidden = !labels.length;
  const lead = document.createElement("p");
  lead.className = "meta";
  lead.textContent = words("suggested");
  const buttons = labels.map((label) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = `+ ${nameOf(label)}`;
    button.addEventListener("click", () => boxOf(label).click());
    return button;
  });
  place.replaceChildren(lead, ...buttons);
  if (focused >= 0) (buttons[Math.min(focused, buttons.length - 1)] ?? list.querySelector(".finder input, .choices input")).focus();
}
