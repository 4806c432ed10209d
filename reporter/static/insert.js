/* Text goes into a field as if it were typed: the browser's own undo takes it back, and `input` tells everybody. */

const MANY = 20; // lines; Chromium types each by itself and takes 7 s for 1,600, but inserts them at once as HTML

let composing = null;
document.addEventListener("compositionstart", () => { composing ??= Promise.withResolvers?.() ?? deferred(); });
document.addEventListener("compositionend", () => { composing?.resolve(); composing = null; });

function deferred() {
  const made = {};
  made.promise = new Promise((resolve) => { made.resolve = resolve; });
  return made;
}

/** Resolved as soon as no input method is in the middle of a word. */
export function settled() {
  return composing ? composing.promise.then(() => new Promise((resolve) => setTimeout(resolve))) : Promise.resolve();
}

/** Put `text` in the place of what stands from `start` to `end`; the cursor stands behind it then. */
export function replace(field, start, end, text) {
  field.focus({ preventScroll: true });
  field.setSelectionRange(start, end);
  if (!text && start === end) return;
  // Deprecated, and still the only way by which undo knows of it.
  if (document.activeElement === field && typed(field, text)) return;
  field.setRangeText(text, start, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function typed(field, text) {
  if (!text) return document.execCommand("delete");
  if (text.split("\n").length > MANY) {
    const length = field.value.length - (field.selectionEnd - field.selectionStart) + text.length;
    const escaped = text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
    if (document.execCommand("insertHTML", false, escaped)) {
      if (field.value.length === length) return true;
      document.execCommand("undo");
    }
  }
  return document.execCommand("insertText", false, text);
}

/** The same while somebody may be typing, in this field or in another: focus, cursor and scrolling stay. */
export function replaceBehind(field, start, end, text) {
  const active = document.activeElement;
  const { selectionStart, selectionEnd, scrollTop } = field;
  const moved = (place) => (place >= end ? place + text.length - (end - start) : place > start ? start + text.length : place);
  replace(field, start, end, text);
  field.setSelectionRange(moved(selectionStart), moved(selectionEnd));
  field.scrollTop = scrollTop;
  if (active !== field && active instanceof HTMLElement) active.focus({ preventScroll: true });
}

/** Insert words at the cursor, with a space on either side where they would touch other words. */
export function insertWords(field, text) {
  const { value, selectionStart: start, selectionEnd: end } = field;
  const before = start > 0 && !/[\s([{"'“‘«„/–—-]$/u.test(value.slice(0, start)) ? " " : "";
  const after = /^[\p{L}\p{N}([{“‘«„]/u.test(value.slice(end)) ? " " : "";
  replace(field, start, end, before + text + after);
}

/** Insert paragraphs at the cursor, with an empty line on either side; what is selected stays. */
export function insertBlock(field, text) {
  const place = field.selectionEnd;
  const gap = (words, found) => (words.trim() ? "\n".repeat(Math.max(0, 2 - found.length)) : "");
  const before = field.value.slice(0, place);
  const after = field.value.slice(place);
  replace(field, place, place, gap(before, /\n*$/.exec(before)[0]) + text.replace(/^\n+|\n+$/g, "") + gap(after, /^\n*/.exec(after)[0]));
}
