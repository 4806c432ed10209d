/* Writing made easier, on the page on which a report is written: tools over the text, key points as rows, subjects by
   search, names at a click, counts, and what is pasted. Everything here changes the fields of the plain form and
   nothing else; each change is an `input` event, by which whoever keeps the text hears of it. */

import { addSpeakers, showCounts } from "./beside.js";
import { addUpload, convertPastes } from "./paste.js";
import { addPointTools } from "./points.js";
import { addFinders } from "./subjects.js";
import { addToolbar } from "./toolbar.js";

export { suggest } from "./subjects.js";

/** Give `form` its tools. `page` holds the facts as data; `post(address, data)` answers what the server said as an
    object, and throws where there is no network. For `keepPaste`, `pastes`, `dropPaste` see paste.js. */
export function enhance(form, { page, post, keepPaste, pastes, dropPaste }) {
  const { body, headline, lead } = form.elements;
  addToolbar(body, post);
  addPointTools(form.querySelector("#points"), form);
  addFinders(form);
  addSpeakers(body, page);
  showCounts(body, page);
  convertPastes(body, post, { keepPaste, pastes, dropPaste });
  addUpload(body, post);
  headline.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault(); // it would send the form
    lead.focus();
  });
}
