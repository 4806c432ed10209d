/* What stands beside the text: its words counted, the minutes that are left, the speakers' names to insert. */

import { insertWords } from "./insert.js";
import { language, tool, words } from "./said.js";

const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const EVERY = 15000; // ms
const NARROW = matchMedia("(max-width: 59.99rem)"); // where the page has one column

/** The words of a text in Markdown, without the addresses of its links; `lang` is the language it is written in. */
export function countWords(text, lang) {
  let count = 0;
  let segmenter = null;
  for (const token of text.replace(/\]\([^()\s]*\)/g, "]").split(/\s+/)) {
    if (UNSPACED.test(token) && Intl.Segmenter) {
      segmenter ??= new Intl.Segmenter(lang || undefined, { granularity: "word" });
      for (const part of segmenter.segment(token)) count += part.isWordLike ? 1 : 0;
    } else if (/[\p{L}\p{N}]/u.test(token)) count += 1;
  }
  return count;
}

/** "38 minutes", "5 hours", "2 days", in the page's language; the larger the time, the larger the unit. */
function duration(minutes) {
  const [size, unit] = minutes < 120 ? [minutes, "minute"] : minutes < 2880 ? [minutes / 60, "hour"] : [minutes / 1440, "day"];
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(Math.floor(size));
}

/** Keep the words of `body` and the time left in #counts; said to nobody who does not look. */
export function showCounts(body, page) {
  const place = document.getElementById("counts");
  const { minWords: least, maxWords: most, due } = page.dataset;
  const lang = body.form.elements.language;
  const show = () => {
    const count = countWords(body.value, lang?.value);
    const parts = [words(count === 1 ? "oneWord" : "words", { count, least, most })];
    if (due) {
      const minutes = Math.round((Date.parse(due) - Date.now()) / 60000);
      parts.push(words(minutes < 0 ? "late" : "due", { time: duration(Math.abs(minutes)) }));
    }
    const said = parts.join(", ");
    if (place.textContent !== said) place.textContent = said;
  };
  let timer = 0;
  body.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(show, 200); });
  body.form.addEventListener("shown", show);
  lang?.addEventListener("change", show);
  setInterval(show, EVERY);
  show();
}

/** Make each speaker a button that inserts the name where somebody last wrote; on a phone they stand over the text. */
export function addSpeakers(body, page) {
  const list = document.getElementById("speakers");
  if (!list) return;
  let last = body;
  page.addEventListener("focusin", ({ target }) => {
    if (target.matches("textarea, input:not([type]), input[type=text]") && !target.readOnly) last = target;
  });
  for (const item of list.querySelectorAll("[data-insert]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = item.textContent;
    item.replaceChildren(button);
  }
  list.addEventListener("click", (event) => {
    const name = event.target.closest("[data-insert]")?.dataset.insert;
    if (name) insertWords(last.isConnected && last.checkVisibility?.() !== false ? last : body, name);
  });
  const beside = list.parentElement;
  const here = tool(".speakers-here");
  body.before(here);
  const settle = () => {
    (NARROW.matches ? here : beside).append(list);
    here.hidden = !NARROW.matches;
    beside.hidden = NARROW.matches;
    if (beside.previousElementSibling) beside.previousElementSibling.hidden = NARROW.matches;
  };
  NARROW.addEventListener("change", settle);
  settle();
}
