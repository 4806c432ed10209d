/* What a desk page does for the device: it keeps pages ready for when there is no network, sends what waits, wipes all of
   it when somebody signs out, and lets one page at a time write a text. */

import { post, signIn } from "./sending.js";
import { unsent } from "./sync.js";
import { words } from "./words.js";

const TRY_EVERY = 15000; // ms
const KEEP_EVERY = 600000;
const OPENED_FOR = 3 * 24 * 3600000;
const STATIC = "desk-static";
const pagesOf = (account) => `desk-${account}`;

/** Register the worker and, from then on, send and keep ready; `say` tells what happened to texts of other pages. */
export function register({ store, ready, send, newId, later, sendAll, except = "", say }) {
  let keptAt = 0;
  let running = false;
  const alone = (key, what) => navigator.locks
    ? navigator.locks.request(key, { ifAvailable: true }, (lock) => lock && what())
    : what();

  async function round() {
    if (running) return;
    running = true;
    try {
      const who = await ready();
      if (!who) return;
      await sendAll({ account: who.account, store, send, later, newId, alone, except, tell: ({ record, sent }) => {
        if (sent && record.filed) say(`${record.title}: ${record.filed.sentence}`, "notice", record.filed.see);
        else if (sent && record.held) say(`${record.title}: ${words.held} ${record.held.sentence}`, "notice", record.held.see);
        else if (sent && !record.leftover) say(words.sentLater.replace("{title}", record.title), "notice");
      } });
      await tightenAll(store, who.account, say);
      dispatchEvent(new CustomEvent("reporter:online"));
      if (Date.now() - keptAt > KEEP_EVERY) {
        keptAt = Date.now();
        await keepReady(who, store);
      }
    } catch {
      // No network: the next round tries again.
    } finally {
      running = false;
    }
  }

  navigator.serviceWorker?.register("/desk/sw.js").catch(() => {});
  navigator.storage?.persist?.().catch(() => {});
  addEventListener("online", round);
  setInterval(round, TRY_EVERY);
  signsOut(store, round);
  return round();
}

/** Keep the pages that this account will need, and what they are made of; let go of the others. */
async function keepReady(who, store) {
  if (!("caches" in globalThis)) return;
  await store.remember("account", who.account);
  const statics = await caches.open(STATIC);
  await Promise.all(who.static.map(async (address) => {
    const answer = await fetch(address, { cache: "no-cache" });
    if (answer.ok) await statics.put(address, answer);
  }));
  const pages = await caches.open(pagesOf(who.account));
  const opened = await openedLately(store);
  const wanted = [...new Set(["/desk/", "/desk/offline", ...who.pages.map((one) => one.address), ...opened])];
  for (const address of wanted) {
    const answer = await fetch(address, { cache: "no-store", headers: { Accept: "text/html" } });
    if (answer.ok && !answer.redirected && answer.headers.get("Reporter-Account") === String(who.account)) await pages.put(address, answer);
  }
  for (const kept of await pages.keys()) {
    if (!wanted.includes(new URL(kept.url).pathname)) await pages.delete(kept);
  }
  const open = new Set(wanted);
  for (const record of await store.all()) {
    if (record.account === who.account && !unsent(record) && !open.has(record.place)) await store.remove(record.key);
  }
  await store.remember("ready", who.pages);
}

/** This page is being written on: it is kept ready too. */
export async function rememberOpened(store, place) {
  await store.remember("opened", { ...(await store.remembered("opened")), [place]: Date.now() });
}

async function openedLately(store) {
  const every = Object.entries((await store.remembered("opened")) ?? {}).filter(([, at]) => Date.now() - at < OPENED_FOR);
  await store.remember("opened", Object.fromEntries(every));
  return every.map(([place]) => place);
}

/** One page at a time writes a text: the one that asks last. `lost` is called on the one before. */
export function takeOver(key, lost) {
  if (!navigator.locks) return;
  navigator.locks.request(key, { steal: true }, () => new Promise(() => {})).catch(lost);
}

/** A form to sign in without leaving the page: no word of the text is touched. */
export function signInHere({ place, done }) {
  if (place.querySelector("form.sign-in-here")) return;
  const form = document.getElementById("sign-in-here").content.firstElementChild.cloneNode(true);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const line = form.querySelector("[role=alert]");
    const typed = new FormData(form);
    try {
      const who = await signIn(typed.get("email"), typed.get("password"));
      if (!who) {
        line.textContent = words.wrongPassword;
        return;
      }
      form.remove();
      await done(who);
    } catch {
      line.textContent = words.away;
    }
  });
  place.replaceChildren(form);
}

/** Tighten a session's rule now, or as soon as there is a network. */
export async function whenDown(store, tightening) {
  const waiting = (await store.remembered("tighten")) ?? [];
  await store.remember("tighten", [...waiting, tightening]);
  dispatchEvent(new Event("online"));
}

async function tightenAll(store, account, say) {
  const waiting = (await store.remembered("tighten")) ?? [];
  for (const one of waiting.filter((other) => other.account === account)) {
    const answer = await post(one.address, { rule: one.rule });
    if (answer.state !== "tightened" && answer.state !== "refused") return;
    const rest = ((await store.remembered("tighten")) ?? []).filter((other) => other.address !== one.address || other.rule !== one.rule);
    await store.remember("tighten", rest);
    say(answer.sentence, answer.state === "refused" ? "refusal" : "notice");
  }
}

/** Signing out takes every text of this account from the device: those that were received, or all on an explicit yes. */
function signsOut(store, round) {
  const form = document.querySelector('form[action="/logout"]');
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    dispatchEvent(new CustomEvent("reporter:flush"));
    await round();
    const account = await store.remembered("account");
    const waiting = (await store.all()).filter((record) => record.account === account && unsent(record));
    if (waiting.length && !(await sure(form, waiting))) return;
    await wipe(store, account);
    form.submit();
  });
}

function sure(form, waiting) {
  const box = document.getElementById("sign-out-unsent").content.firstElementChild.cloneNode(true);
  box.querySelector("ul").replaceChildren(...waiting.map((record) => Object.assign(document.createElement("li"), { textContent: record.title })));
  form.closest("header").after(box);
  box.querySelector("button").focus();
  return new Promise((resolve) => {
    box.addEventListener("click", ({ target }) => {
      if (target.localName !== "button") return;
      box.remove();
      resolve(target.value === "yes");
    });
  });
}

async function wipe(store, account) {
  for (const record of await store.all()) {
    if (record.account === account) await store.remove(record.key);
  }
  await store.remember("account", null);
  await store.remember("ready", []);
  await store.remember("opened", {});
  if ("caches" in globalThis) await caches.delete(pagesOf(account));
}
