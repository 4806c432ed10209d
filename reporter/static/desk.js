/* Every page of the desk: texts that wait on this device are sent, and the pages for writing are kept ready. */

import { identity, register } from "./device.js";
import { sendAll } from "./send-all.js";
import { newId, ready, sendJob } from "./sending.js";
import { openStore } from "./store.js";
import { unsent } from "./unsent.js";
import { words } from "./words.js";

const store = await openStore();
const said = document.getElementById("desk-said");
const device = await identity(store, newId);

function say(sentence, kind, see) {
  const line = Object.assign(document.createElement("p"), { className: kind, textContent: sentence });
  if (see) line.append(" ", Object.assign(document.createElement("a"), { href: see, textContent: words.see }));
  said.append(line);
}

const told = sessionStorage.getItem("said");
if (told) {
  sessionStorage.removeItem("said");
  say(told, "notice");
}

const later = (pause, what) => {
  const timer = setTimeout(what, pause);
  return () => clearTimeout(timer);
};

const round = register({ store, ready, send: (job, record) => sendJob(job, record, device), newId, later, sendAll, say });

const list = document.getElementById("kept-ready");
if (list) {
  const account = await store.remembered("account");
  const waiting = (await store.all()).filter((record) => record.account === account);
  const pages = new Map(((await store.remembered("ready")) ?? []).map((one) => [one.address, one.title]));
  for (const record of waiting) pages.set(record.place, record.title);
  for (const [address, title] of pages) {
    const line = document.createElement("li");
    line.append(Object.assign(document.createElement("a"), { href: address, textContent: title }));
    if (waiting.some((record) => record.place === address && unsent(record))) line.append(` · ${words.onDevice}`);
    list.append(line);
  }
}

await round;
const account = await store.remembered("account");
const left = (await store.all()).filter((record) => record.account === account && unsent(record));
if (left.length && !list) {
  say(words.waitsHere.replace("{titles}", left.map((record) => record.title).join(", ")), "notice");
}
