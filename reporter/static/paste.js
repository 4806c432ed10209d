/* What comes from elsewhere. What is pasted stands there at once as plain text and gets its headings, lists and links
   when the server has found them, in one step that undo takes back; a document is inserted where the cursor is. */

import { insertBlock, replace, replaceBehind, settled } from "./insert.js";
import { tell, tool, words } from "./said.js";

/** Take care of what is pasted into `body`. Without a network, `keepPaste` keeps it for later, `pastes` answers what
    is kept, `dropPaste` is told what needs no keeping any more; where they are not given, this page remembers. */
export function convertPastes(body, post, { keepPaste, pastes, dropPaste } = {}) {
  const waiting = [];
  const keep = keepPaste ?? ((one) => waiting.push(one));
  const kept = pastes ?? (() => waiting.splice(0));
  const done = new Set();

  body.addEventListener("paste", (event) => {
    const html = event.clipboardData.getData("text/html");
    const plain = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n");
    if (!html || !plain.trim()) return; // what the browser does is right
    event.preventDefault();
    const start = body.selectionStart;
    replace(body, start, body.selectionEnd, plain);
    convert({ plain, html }, start);
  });
  window.addEventListener("reporter:online", async () => {
    for (const one of await kept()) {
      const id = JSON.stringify([one.plain, one.html]);
      if (done.has(id)) continue;
      done.add(id); // also where another event comes in between
      if (placeOf(body, one.plain) < 0 || await convert(one)) dropPaste?.(one);
      else done.delete(id);
    }
  });

  /** False where there is no network, or no answer that decides. */
  async function convert(one, start = -1) {
    const { plain, html } = one;
    try {
      const answer = await post("/desk/paste", new URLSearchParams({ html, plain }));
      if (answer.state === "converted") {
        await settled();
        swap(body, plain, answer.markdown, start);
        return true;
      }
      if (answer.state === "refused") {
        tell(`${answer.sentence} ${words("pasteRefused")}`);
        return true;
      }
    } catch {
      // no network: it is kept for later
    }
    if (start >= 0) keep(one);
    return false;
  }
}

/** Where `text` stands: at `start`, else at the only place where it does; -1 where it does not, or not only once. */
function placeOf(body, text, start = -1) {
  if (start >= 0 && body.value.startsWith(text, start)) return start;
  const place = body.value.indexOf(text);
  return body.value.indexOf(text, place + 1) < 0 ? place : -1;
}

function swap(body, plain, markdown, start) {
  const place = placeOf(body, plain, start);
  const made = markdown.replace(/\r\n?/g, "\n");
  if (place < 0 || made.trim() === plain.trim()) return;
  replaceBehind(body, place, place + plain.length, made);
  tell(words("keptMarks"), {
    label: words("keepPlain"),
    act: () => {
      const now = placeOf(body, made, place);
      if (now >= 0) replaceBehind(body, now, now + made.length, plain);
      body.focus({ preventScroll: true });
    },
  });
}

/** A button that reads a document into the text. */
export function addUpload(body, post) {
  const place = tool(".insert");
  const [button, field] = [place.querySelector("button"), place.querySelector("input")];
  body.closest(".body-field").append(place);
  button.addEventListener("click", () => field.click());
  field.addEventListener("input", (event) => event.stopPropagation()); // no part of the text
  field.addEventListener("change", async (event) => {
    event.stopPropagation();
    const file = field.files[0];
    if (!file) return;
    const { name } = file;
    const data = new FormData();
    data.set("document", file);
    button.disabled = true;
    tell(words("reading", { name }));
    try {
      const answer = await post("/desk/upload", data);
      if (answer.state === "converted") {
        await settled();
        insertBlock(body, answer.markdown.replace(/\r\n?/g, "\n"));
        tell(words("inserted", { name }));
      } else tell(answer.sentence ?? words("noUpload", { name }));
    } catch {
      tell(words("noUpload", { name }));
    }
    button.disabled = false;
    field.value = ""; // so that the same document can be chosen again
  });
}
