/* What the writing page tells a person. Its words stand in the page, where they are translated; it is told in #said. */

const SECONDS = 20; // an offer stays this long; what it offers can be had otherwise too (undo, an earlier save)

export const tools = document.getElementById("editing");
export const language = document.documentElement.lang || "en";

/** A sentence of the page, with its {places} filled. */
export function words(name, values = {}) {
  return tools.dataset[name].replace(/\{(\w+)\}/g, (_, place) => String(values[place]));
}

/** A fresh copy of one of the page's tools. */
export function tool(selector) {
  return tools.content.querySelector(selector).cloneNode(true);
}

let told = null;

/** Say a sentence where it is read out; with `label`, offer to `act` for a while. The next one takes its place. */
export function tell(sentence, { label, act } = {}) {
  const said = document.getElementById("said");
  told?.remove();
  const line = document.createElement("p");
  line.className = "told";
  line.append(sentence);
  if (label) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", () => { line.remove(); act(); });
    line.append(" ", button);
  }
  said.append(line);
  told = line;
  // Nobody's button goes while the finger or the focus is on it.
  const go = () => (line.matches(":focus-within, :hover") ? setTimeout(go, 2000) : line.remove());
  setTimeout(go, SECONDS * 1000);
}
