/* Long lists of subjects: found by typing, ticked with the keyboard, and what is chosen stands above them. */

import { tool, words } from "./said.js";

const LONG = 8; // a shorter list is seen at a glance
const PAUSE = 400; // ms without typing before the number of matches is read out

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const boxOf = (label) => label.querySelector("input");
const nameOf = (label) => label.textContent.trim();
const labelsOf = (list) => [...list.querySelectorAll(".choices label")];
const made = (name, properties) => Object.assign(document.createElement(name), properties);

// The longest list comes as a selection of many, to keep the page small. It is made boxes before anybody reads the form.
for (const select of document.querySelectorAll(".subjects select[multiple]")) {
  select.parentElement.replaceChildren(...[...select.options].map((option) => {
    const [indent] = /^\u00a0*/.exec(option.text);
    const label = made("label", { className: indent && `depth-${indent.length}` });
    const { value, selected } = option;
    label.append(made("input", { type: "checkbox", name: select.name, value, defaultChecked: selected }), option.text.slice(indent.length));
    return label;
  }));
}

/** Put a search field and what is chosen over every long list of `form`. */
export function addFinders(form) {
  for (const list of form.querySelectorAll(".subjects")) if (labelsOf(list).length > LONG) addFinder(list, form);
}

function addFinder(list, form) {
  const labels = labelsOf(list);
  const terms = labels.map((label) => ({ label, folded: fold(nameOf(label)), depth: Number(label.className.slice(6)) }));
  terms.forEach((term, place) => { term.parent = terms.slice(0, place).findLast((one) => one.depth < term.depth); });
  const finder = tool(".finder");
  const choices = list.querySelector(".choices");
  const scroll = made("div", { className: "subject-scroll" });
  choices.before(finder, scroll);
  scroll.append(choices);
  list.classList.add("with-finder");
  const field = finder.querySelector("input");
  finder.querySelector("label span").textContent = words("find", { list: list.querySelector("legend").textContent });

  let matches = terms;
  let timer = 0;
  const filter = () => {
    const asked = fold(field.value).split(/\s+/).filter(Boolean);
    matches = find(terms, asked);
    list.classList.toggle("searching", asked.length > 0);
    scroll.scrollTop = 0;
    clearTimeout(timer);
    timer = setTimeout(() => {
      finder.querySelector(".matches").textContent = asked.length ? words("matches", { count: matches.length }) : "";
    }, PAUSE);
  };
  const clear = () => { field.value = ""; filter(); };
  for (const kind of ["input", "change"]) {
    field.addEventListener(kind, (event) => { event.stopPropagation(); filter(); }); // no part of the text
  }
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || !["Enter", "ArrowDown", "Escape"].includes(event.key)) return;
    event.preventDefault(); // Enter would send the form
    if (event.key === "Escape") clear();
    else if (event.key === "Enter" && field.value.trim() && matches.length === 1) { boxOf(matches[0].label).click(); field.select(); }
    else if (matches.length) boxOf(matches[0].label).focus();
  });
  choices.addEventListener("keydown", (event) => walk(event, labels, field, clear));
  for (const [place, kind] of [[choices, "change"], [form, "shown"]]) place.addEventListener(kind, () => showChosen(finder, labels, field));
  showChosen(finder, labels, field);
  openWhenAsked(list, finder.querySelector(".show-all"), labels.length);
}

/** The terms in whose names all the words stand; they are shown, and those above them. */
function find(terms, asked) {
  const found = terms.filter((term) => asked.every((word) => term.folded.includes(word)));
  const seen = new Set(found);
  for (const term of found) for (let one = term.parent; one; one = one.parent) seen.add(one);
  for (const term of terms) term.label.hidden = !seen.has(term);
  return found;
}

/** Arrows go from box to box and back to the search field, Enter ticks as Space does, Escape begins anew. */
function walk(event, labels, field, clear) {
  const seen = labels.filter((label) => !label.hidden).map(boxOf);
  const here = seen.indexOf(event.target);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) (seen[here + step] ?? (step < 0 ? field : seen[here])).focus();
  else if (event.key === "Enter") event.target.click();
  else if (event.key === "Escape") { clear(); field.focus(); } else return;
  event.preventDefault();
}

function showChosen(finder, labels, field) {
  const chosen = labels.filter((label) => boxOf(label).checked);
  const list = finder.querySelector(".chips");
  list.replaceChildren(...chosen.map((label, place) => {
    const button = made("button", { type: "button" });
    const sign = made("span", { textContent: "×" });
    sign.setAttribute("aria-hidden", "true");
    button.append(nameOf(label), " ", sign, made("span", { className: "hidden", textContent: words("takeOut") }));
    button.addEventListener("click", () => {
      boxOf(label).click(); // by that, the list is made anew
      (list.querySelectorAll("button")[Math.min(place, chosen.length - 2)] ?? field).focus();
    });
    const item = made("li");
    item.append(button);
    return item;
  }));
  list.hidden = !chosen.length;
  finder.querySelector(".chosen").textContent = words("chosen", { count: chosen.length });
}

/** On a narrow screen the list itself opens when asked for, or when something is searched. */
function openWhenAsked(list, button, count) {
  const show = (open) => {
    list.classList.toggle("all", open);
    button.setAttribute("aria-expanded", String(open));
    button.textContent = open ? words("fewer") : words("all", { count });
  };
  button.addEventListener("click", () => show(!list.classList.contains("all")));
  show(false);
}

const suggested = new WeakMap(); // form -> the ids suggested last

/** Offer policy issues, by their ids, as buttons that tick; those that are ticked already are left out. */
export function suggest(form, ids) {
  const list = form.querySelector("#choose-policy_issues");
  if (!list) return;
  let place = list.querySelector("#suggested-issues");
  if (!place) {
    place = made("div", { id: "suggested-issues" });
    list.querySelector(".finder, .choices").before(place);
    for (const [where, kind] of [[list, "change"], [form, "shown"]]) where.addEventListener(kind, () => offer(place, list, suggested.get(form)));
  }
  suggested.set(form, ids.map(String));
  offer(place, list, suggested.get(form));
}

function offer(place, list, ids) {
  const labels = labelsOf(list).filter((label) => ids.includes(boxOf(label).value) && !boxOf(label).checked);
  const offered = labels.map((label) => boxOf(label).value).join();
  if (place.dataset.offered === offered) return; // nothing moves under somebody's finger
  place.dataset.offered = offered;
  place.hidden = !labels.length;
  const focused = [...place.querySelectorAll("button")].indexOf(document.activeElement);
  const buttons = labels.map((label) => {
    const button = made("button", { type: "button", textContent: `+ ${nameOf(label)}` });
    button.addEventListener("click", () => boxOf(label).click());
    return button;
  });
  place.replaceChildren(made("p", { className: "meta", textContent: words("suggested") }), ...buttons);
  if (focused >= 0) (buttons[Math.min(focused, buttons.length - 1)] ?? list.querySelector("input")).focus();
}
