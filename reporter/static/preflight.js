/* The check before handing in, while somebody writes: asked for after a pause, shown without moving the page. */

import { readFields } from "./fields.js";
import { suggest } from "./editor.js";

const AFTER = 1500; // ms

export function watch(form, place, post) {
  const box = document.getElementById("remarks");
  if (!box) return;
  let timer = 0;
  let asked = "";

  async function ask() {
    timer = 0;
    const body = new URLSearchParams(readFields(form));
    if (String(body) === asked) return;
    asked = String(body);
    try {
      const answer = await post(`${place}/checks`, body);
      if (answer.state !== "checked") return;
      const open = box.querySelector("#hints")?.open;
      const made = new DOMParser().parseFromString(answer.html, "text/html");
      box.replaceChildren(...made.body.childNodes);
      if (open) box.querySelector("#hints")?.setAttribute("open", "");
      suggest?.(form, answer.suggested);
    } catch {
      asked = ""; // no network: the next pause asks again
    }
  }

  const soon = () => { timer ||= setTimeout(ask, AFTER); };
  form.addEventListener("input", soon);
  form.addEventListener("shown", soon);
  box.addEventListener("click", (event) => {
    const target = event.target.closest?.("a[href^='#']");
    const field = target && document.getElementById(target.getAttribute("href").slice(1));
    if (!field) return;
    event.preventDefault();
    field.closest("details")?.setAttribute("open", "");
    (field.matches("input,textarea,select") ? field : field.querySelector("input"))?.focus();
    field.scrollIntoView({ block: "center" });
  });
  soon();
}
