/* The form of a report as a list of [name, value], in its order: what is kept, sent and shown again. */

const ROWS = { ".point": ["key_points", "key_point_actor", "key_point_capacity", "key_point_issue"], ".link-row": ["link_url", "link_title"] };
const NOT_TEXT = new Set(["csrf_token", "client_id", "based_on", "act"]);

/** What the form says now; rows in which nothing was typed are left out. */
export function readFields(form) {
  const empty = new Set();
  for (const row of Object.keys(ROWS)) {
    for (const one of form.querySelectorAll(row)) {
      const inputs = [...one.querySelectorAll("[name]")];
      if (inputs.every((input) => !input.value.trim())) inputs.forEach((input) => empty.add(input));
    }
  }
  const found = [];
  for (const input of form.elements) {
    if (!input.name || NOT_TEXT.has(input.name) || empty.has(input) || input.type === "submit" || input.type === "button") continue;
    if (input.type === "checkbox" && !input.checked) continue;
    if (input.localName === "fieldset" || input.localName === "output") continue;
    found.push([input.name, input.value]);
  }
  return found;
}

/** Show these fields in the form; what has not changed keeps its cursor and its history of undoing. */
export function showFields(form, fields) {
  const values = new Map();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
  for (const [row, names] of Object.entries(ROWS)) {
    const wanted = values.get(names[0])?.length ?? 0;
    while (form.querySelectorAll(row).length < wanted) addRow(form, row);
    names.forEach((name) => {
      const inputs = [...form.querySelectorAll(`[name="${name}"]`)];
      inputs.forEach((input, place) => set(input, values.get(name)?.[place] ?? ""));
    });
  }
  for (const input of form.elements) {
    if (!input.name || NOT_TEXT.has(input.name) || input.closest(Object.keys(ROWS).join(","))) continue;
    if (input.type === "checkbox") input.checked = (values.get(input.name) ?? []).includes(input.value);
    else if (values.has(input.name)) set(input, values.get(input.name)[0]);
  }
  form.dispatchEvent(new CustomEvent("shown"));
}

/** One more empty row of the same kind, after the last; answers it. */
export function addRow(form, row) {
  const rows = form.querySelectorAll(row);
  const last = rows[rows.length - 1];
  const made = last.cloneNode(true);
  const number = rows.length + 1;
  for (const input of made.querySelectorAll("[name]")) {
    input.value = "";
    if (input.localName === "textarea") input.textContent = "";
    input.removeAttribute("aria-describedby");
    const id = input.id.replace(/\d+$/, String(number));
    made.querySelectorAll(`label[for="${input.id}"]`).forEach((label) => {
      label.htmlFor = id;
      label.textContent = label.textContent.replace(/\d+$/, String(number));
    });
    input.id = id;
  }
  made.querySelector("details")?.removeAttribute("open");
  last.after(made);
  return made;
}

/** The value of the only field of this name. */
export function valueOf(fields, name) {
  return fields.find(([one]) => one === name)?.[1] ?? "";
}

/** Whether two lists of fields say the same. */
export function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

function set(input, value) {
  if (input.value === value) return;
  const focused = document.activeElement === input;
  const [start, end, before] = focused && input.selectionStart !== null ? [input.selectionStart, input.selectionEnd, input.value] : [0, 0, ""];
  input.value = value;
  if (!focused || input.selectionStart === null) return;
  // The cursor stays behind the words that it stood behind, where they are still the same.
  const shift = before.slice(0, start) === value.slice(0, start) ? 0 : value.length - before.length;
  input.setSelectionRange(Math.max(0, start + shift), Math.max(0, end + shift));
}
