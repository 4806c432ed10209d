/* Key points as rows: made, moved and taken out by buttons and by the keys that one expects in a list. */

import { addRow } from "./fields.js";
import { replace } from "./insert.js";
import { tell, tool, words } from "./said.js";

const MOST = 30; // as many as the server takes
const AT_FIRST = 3;
const BULLET = /^\s*(?:[-*•◦▪‣·–]\s+|\d{1,2}[.)]\s+)/;

const textOf = (row) => row.querySelector("[name=key_points]");
const isEmpty = (row) => [...row.querySelectorAll("[name]")].every((input) => !input.value.trim());

/** Give the rows in `list`, the fieldset, their buttons and keys. */
export function addPointTools(list, form) {
  const rows = () => [...list.querySelectorAll(".point")];
  for (const row of rows()) row.append(tool(".point-tools"));
  for (const row of rows().slice(AT_FIRST).reverse()) {
    if (!isEmpty(row)) break;
    row.remove();
  }
  const add = tool("#add-point");
  list.append(add);
  const tidy = () => number(rows(), add);
  const changed = () => { tidy(); textOf(rows()[0]).dispatchEvent(new Event("input", { bubbles: true })); };
  const points = { rows, tidy, changed };

  add.addEventListener("click", () => {
    const free = rows().find(isEmpty);
    textOf(free ?? made(points, rows().at(-1))).focus();
  });
  list.addEventListener("click", (event) => {
    const button = event.target.closest(".point-tools button");
    if (button) act(points, button.closest(".point"), button.dataset.act, button);
  });
  list.addEventListener("keydown", (event) => {
    if (event.target.name === "key_points" && !event.isComposing && key(points, event)) event.preventDefault();
  });
  list.addEventListener("change", (event) => {
    if (event.target.name === "key_points" && event.target.value.includes("\n")) {
      spread(points, event.target.closest(".point"), event.target.value.split("\n"));
    }
  });
  list.addEventListener("paste", (event) => {
    if (event.target.name === "key_points" && paste(points, event)) event.preventDefault();
  });
  form.addEventListener("shown", tidy);
  tidy();
}

/** Labels, ids and what the buttons say follow the order in which the rows stand. */
function number(rows, add) {
  rows.forEach((row, index) => {
    const place = index + 1;
    for (const input of row.querySelectorAll("[name]")) {
      const label = row.querySelector(`label[for="${input.id}"]`);
      input.id = input.id.replace(/\d+$/, String(place));
      label.htmlFor = input.id;
      if (input !== textOf(row)) continue;
      label.textContent = index ? words("point", { number: place }) : words("firstPoint");
      if (index) input.removeAttribute("aria-describedby");
      else input.setAttribute("aria-describedby", "hint-points");
    }
    for (const which of row.querySelectorAll(".which")) which.textContent = words("point", { number: place });
    row.querySelector("[data-act=up]").disabled = index === 0;
    row.querySelector("[data-act=down]").disabled = place === rows.length;
    row.querySelector("[data-act=remove]").disabled = rows.length === 1 && isEmpty(row);
  });
  add.disabled = rows.length >= MOST;
}

/** An empty row after `row`; null where there are as many as the server takes. */
function made(points, row) {
  if (points.rows().length >= MOST) return null;
  const fresh = addRow(row.closest("form"), ".point");
  row.after(fresh);
  points.tidy();
  return fresh;
}

function move(points, row, step) {
  const rows = points.rows();
  const there = rows[rows.indexOf(row) + step];
  if (!there) return;
  // The other one is moved, so that this one keeps its cursor and what it can undo.
  if (step < 0) row.after(there);
  else row.before(there);
  points.changed();
}

function act(points, row, name, button) {
  if (name === "remove") return remove(points, row);
  move(points, row, name === "up" ? -1 : 1);
  // At the end of the way the button is of no use any more, and focus must not get lost with it.
  (button.disabled ? textOf(row) : button).focus();
}

function remove(points, row) {
  const rows = points.rows();
  const place = rows.indexOf(row);
  const said = !isEmpty(row);
  if (rows.length === 1) made(points, row);
  row.remove();
  points.changed();
  textOf(points.rows()[Math.min(place, points.rows().length - 1)]).focus();
  if (!said) return;
  tell(words("pointGone", { number: place + 1 }), {
    label: words("putBack"),
    act: () => {
      const now = points.rows();
      const free = now.length >= MOST || now.length === 1 ? now.find(isEmpty) : undefined;
      if (place < now.length) now[place].before(row);
      else now.at(-1).after(row);
      free?.remove();
      points.changed();
      textOf(row).focus();
    },
  });
}

/** What a key does in the text of a point; true where it did something. */
function key(points, event) {
  const field = event.target;
  const row = field.closest(".point");
  if (event.altKey && !event.ctrlKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    move(points, row, event.key === "ArrowUp" ? -1 : 1);
    return true;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (event.key === "Enter") return nextPoint(points, row, field);
  if (event.key !== "Backspace" || event.repeat || !isEmpty(row) || points.rows().length === 1) return false;
  const before = row.previousElementSibling?.matches(".point") ? row.previousElementSibling : row.nextElementSibling;
  row.remove();
  points.changed();
  const end = textOf(before).value.length;
  textOf(before).focus();
  textOf(before).setSelectionRange(end, end);
  return true;
}

function nextPoint(points, row, field) {
  const after = field.value.slice(field.selectionEnd);
  const next = row.nextElementSibling?.matches(".point") ? row.nextElementSibling : null;
  const free = next && isEmpty(next) ? next : isEmpty(row) && !after ? next : made(points, row);
  if (!free) return true; // as many as there may be, or nothing written yet in the last one
  if (after.trim()) {
    replace(field, field.selectionEnd, field.value.length, "");
    textOf(free).value = after.trim();
    points.changed();
  }
  textOf(free).focus();
  textOf(free).setSelectionRange(0, 0);
  return true;
}

/** Lines of one field become rows of their own; what is beyond the last possible one stays in it, a line each. */
function spread(points, row, lines) {
  const kept = lines.map((line) => line.trim()).filter(Boolean);
  let here = row;
  textOf(row).value = kept.shift() ?? "";
  while (kept.length) {
    const next = here.nextElementSibling;
    const free = next?.matches(".point") && isEmpty(next) ? next : made(points, here);
    if (!free) {
      textOf(here).value = [textOf(here).value, ...kept].join("\n");
      tell(words("manyPoints", { most: MOST }));
      break;
    }
    textOf(free).value = kept.shift();
    here = free;
  }
  points.changed();
  return here;
}

function paste(points, event) {
  const pasted = event.clipboardData.getData("text/plain").split(/\r\n?|\n/).filter((line) => line.trim());
  if (pasted.length < 2) return false;
  const field = event.target;
  const { value, selectionStart, selectionEnd } = field;
  const lines = pasted.map((line) => line.replace(BULLET, ""));
  lines[0] = value.slice(0, selectionStart) + lines[0];
  lines.push(lines.pop() + value.slice(selectionEnd));
  replace(field, 0, value.length, lines[0]);
  const last = textOf(spread(points, field.closest(".point"), lines));
  last.focus();
  last.setSelectionRange(last.value.length, last.value.length);
  return true;
}
