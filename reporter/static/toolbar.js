/* The tools over the text: buttons, keys, items that go on by themselves, and a preview by the public page's own code. */

import { markLines, markLink, markWords, nextItem } from "./markdown.js";
import { tool, words } from "./said.js";

const MAC = /Mac|iPhone|iPad/.test(navigator.platform);
const KEYS = { KeyB: "bold", KeyI: "italic", KeyK: "link" };
const WITH_ALT = { Digit2: "heading", Digit3: "subheading" };
const WITH_SHIFT = { Digit7: "numbers", Digit8: "bullets", KeyP: "preview" };
const PAUSE = 700; // ms without typing before the preview is made anew

/** Put the tools over the field `body`. */
export function addToolbar(body, post) {
  const bar = tool(".toolbar");
  const preview = addPreview(body, post, bar.querySelector("[data-act=preview]"));
  const acts = {
    bold: () => markWords(body, 2),
    italic: () => markWords(body, 1),
    link: () => markLink(body),
    preview,
  };
  const act = (name) => (acts[name] ? acts[name]() : markLines(body, name));
  const buttons = [...bar.querySelectorAll("button")];
  for (const button of buttons) {
    const keys = MAC ? button.title.replace("Ctrl+", "⌘") : button.title;
    if (keys) button.title = `${button.textContent} (${keys})`;
  }
  rove(bar, buttons);
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) act(button.dataset.act);
  });
  body.before(bar);
  body.addEventListener("keydown", (event) => {
    const name = shortcut(event);
    const done = name ? (act(name), true) : event.key === "Enter" && bare(event) && nextItem(body);
    if (done) event.preventDefault();
  });
}

function bare(event) {
  return !event.isComposing && !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
}

function shortcut(event) {
  // On many keyboards the right Alt key says Ctrl and Alt together, and types @ and #: that is typing, no command.
  if (event.isComposing || event.getModifierState("AltGraph") || !(MAC ? event.metaKey : event.ctrlKey)) return undefined;
  if (event.altKey) return event.shiftKey ? undefined : WITH_ALT[event.code];
  return event.shiftKey ? WITH_SHIFT[event.code] : KEYS[event.code];
}

/** One stop for the Tab key; the arrows go from button to button. */
function rove(bar, buttons) {
  const stop = (button) => buttons.forEach((one) => { one.tabIndex = one === button ? 0 : -1; });
  stop(buttons[0]);
  bar.addEventListener("focusin", (event) => stop(event.target));
  bar.addEventListener("keydown", (event) => {
    const here = buttons.indexOf(document.activeElement);
    const there = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (there === undefined || here < 0) return;
    event.preventDefault();
    buttons.at(there % buttons.length).focus();
  });
}

function addPreview(body, post, button) {
  const panel = tool("#preview");
  const field = body.closest(".body-field");
  let [timer, asked, shown] = [0, 0, null];
  body.after(panel);
  button.setAttribute("aria-pressed", "false");
  button.setAttribute("aria-controls", panel.id);

  const say = (sentence) => {
    const line = document.createElement("p");
    line.className = "empty";
    line.textContent = sentence;
    panel.replaceChildren(line);
    shown = null;
  };
  const show = async () => {
    const text = body.value;
    if (panel.hidden || text === shown) return;
    if (!text.trim()) return say(words("nothing"));
    const mine = (asked += 1);
    try {
      const answer = await post("/desk/preview", new URLSearchParams({ body: text }));
      if (mine !== asked) return; // a later one is under way
      if (answer.state !== "converted") return say(answer.sentence ?? words("noPreview"));
      panel.innerHTML = answer.html; // cleaned on the server, as for the public page
      panel.querySelectorAll("a").forEach((link) => { [link.target, link.rel] = ["_blank", "noopener"]; });
      shown = text;
    } catch {
      if (mine === asked) say(words("noPreview"));
    }
  };
  body.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(show, PAUSE); });
  body.form.addEventListener("shown", show);
  window.addEventListener("reporter:online", show);
  return () => {
    panel.hidden = !panel.hidden;
    field.classList.toggle("previewing", !panel.hidden);
    button.setAttribute("aria-pressed", String(!panel.hidden));
    show();
  };
}
