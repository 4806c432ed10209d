/* The coverage board looks again by itself while its page is open and seen: every `data-refresh` seconds, and at once
   when asked to. Without script, "Look again" is a link to the same page. What is opened, ticked, focused and scrolled
   to stays so. */

const board = document.getElementById("board");
const parts = [...document.querySelectorAll("[data-live]")];
const summary = document.getElementById("board-summary");
const asOf = document.getElementById("board-as-of");
const away = document.getElementById("board-away");

/** What an element holds, without the tokens of its forms: they differ in every answer. */
function content(element) {
  const copy = element.cloneNode(true);
  copy.querySelectorAll("input[name=csrf_token]").forEach((token) => token.remove());
  return copy.innerHTML;
}

/** A selector that finds the same place in the next answer; "" where `element` is outside of `part`. */
function place(part, element) {
  if (!element || element === part || !part.contains(element)) return "";
  if (element.id) return `#${CSS.escape(element.id)}`;
  const name = ["href", "value", "role"].find((one) => element.hasAttribute(one));
  const which = name ? `[${name}="${CSS.escape(element.getAttribute(name))}"]` : "";
  return `#${CSS.escape(element.parentElement.closest("[id]").id)} ${element.localName}${which}`;
}

/** Put what is new in the place of what was there. */
function replace(part, fresh) {
  const focused = place(part, document.activeElement);
  const opened = [...part.querySelectorAll("details[open]")].map((one) => one.id);
  const ticked = [...part.querySelectorAll("input:checked")].map((one) => one.id);
  const region = part.querySelector(".board-scroll");
  const [left, top] = region ? [region.scrollLeft, region.scrollTop] : [0, 0];
  const [x, y] = [window.scrollX, window.scrollY];
  part.replaceChildren(...fresh.childNodes);
  opened.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
  ticked.forEach((id) => { const box = document.getElementById(id); if (box) box.checked = true; });
  part.querySelector(".board-scroll")?.scrollTo(left, top);
  if (focused) document.querySelector(focused)?.focus({ preventScroll: true });
  window.scrollTo(x, y);
}

const known = new Map(parts.map((part) => [part.id, content(part)]));
let looking = false;
let looked = Date.now();

async function look() {
  if (looking) return;
  looking = true;
  looked = Date.now();
  try {
    const answer = await fetch(board.dataset.address, { cache: "no-store", signal: AbortSignal.timeout(20000) });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of parts) {
      const fresh = page.getElementById(part.id);
      const now = content(fresh);
      if (now !== known.get(part.id)) {
        replace(part, fresh);
        known.set(part.id, now);
      }
    }
    const said = page.getElementById("board-summary").textContent;
    if (said !== summary.textContent) summary.textContent = said;
    asOf.textContent = page.getElementById("board-as-of").textContent;
    away.hidden = true;
  } catch {
    away.hidden = false;
  } finally {
    looking = false;
  }
}

if (board) {
  const wait = Number(board.dataset.refresh) * 1000;
  setInterval(() => { if (!document.hidden) look(); }, wait);
  document.addEventListener("visibilitychange", () => { if (!document.hidden && Date.now() - looked >= wait) look(); });
  document.getElementById("look-again").addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    look();
  });
}
