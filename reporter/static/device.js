/* What a desk page does for the device: it keeps pages ready for when there is no network, sends what waits, wipes all of
   it when somebody signs out, and lets one page at a time write a text. */

import { post, signIn } from "./sending.js";
import { unsent } from "./unsent.js";
import { words } from "./words.js";

const TRY_EVERY = 15000; // ms
const KEEP_EVERY = 600000;
const OPENED_FOR = 3 * 24 * 3600000;
const STATIC = "desk-static";
const pagesOf = (account) => `desk-${account}`;

/** This device's own id; `account` is remembered as the one that writes here. A device that is full keeps neither. */
export async function identity(store, newId, account) {
  let id = newId();
  try {
    const known = await store.remembered("id");
    if (known) id = known;
    else await store.remember("id", id);
    if (account) await store.remember("account", account);
  } catch {
    // The page says that nothing is kept, as soon as it matters.
  }
  return id;
}

/** Register the worker and, from then on, send and keep ready; `say` tells what happened to texts of other pages. */
export function register({ store, ready, send, newId, later, sendAll, except, say }) {
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
        else if (record.unfiled) say(`${record.title}: ${record.unfiled.sentence || words.clashFirst}`, "refusal", record.place);
        else if (record.refused) say(`${record.title}: ${record.refused.sentence}`, "refusal");
        else if (sent && !record.leftover) say(words.sentLater.replace("{title}", record.title), "notice");
      } });
      await tightenAll(store, who.account, say);
      dispatchEvent(new CustomEvent("reporter:online", { detail: { account: who.account } }));
      if (Date.now() - keptAt > KEEP_EVERY) {
        await keepReady(who, store);
        keptAt = Date.now(); // only now: what a lost network broke off is done again in the next round
      }
    } catch (error) { console.log('ROUND', error.stack);
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
  const open = new Set([...wanted, location.pathname]);
  const gone = (there) => (there && !unsent(there) && !open.has(there.place) ? null : undefined);
  for (const { key, account } of await store.all()) {
    if (account === who.account) await store.change(key, gone); // looked at again as it goes: somebody may type in it now
  }
  // A text that is not sent yet can be opened again, whosever turn the session is.
  const written = (await store.all()).filter((record) => record.account === who.account).map((record) => record.place);
  for (const kept of await pages.keys()) {
    const { pathname } = new URL(kept.url);
    if (!open.has(pathname) && !written.includes(pathname)) await pages.delete(kept);
  }
  await store.remember("ready", who.pages);
}

/** This page is being written on: it is kept ready too. */
export async function rememberOpened(store, place) {
  try {
    await store.remember("opened", { ...(await store.remembered("opened")), [place]: Date.now() });
  } catch {
    // A device that is full keeps no page either.
  }
}

async function openedLately(store) {
  const every = Object.entries((await store.remembered("opened")) ?? {}).filter(([, at]) => Date.now() - at < OPENED_FOR);
  await store.remember("opened", Object.fromEntries(every));
  return every.map(([place]) => place);
}

/** One page at a time writes a text: the one that asks last. `lost` is called on the one before. Answers what ends it. */
export function takeOver(key, lost) {
  let release = () => {};
  navigator.locks?.request(key, { steal: true }, () => new Promise((resolve) => { release = resolve; })).catch(lost);
  return () => release();
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
  const others = new BroadcastChannel("reporter-signed-out"); // other tabs hold the text in memory and would keep it anew
  others.addEventListener("message", () => {
    dispatchEvent(new CustomEvent("reporter:wiped"));
    location.replace("/login");
  });
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const flushed = [];
    dispatchEvent(new CustomEvent("reporter:flush", { detail: { waitFor: (one) => flushed.push(one) } }));
    await Promise.all(flushed);
    const account = await store.remembered("account");
    const waiting = async () => (await store.all()).filter((record) => record.account === account && unsent(record));
    if ((await waiting()).length) await round(); // whatever can be sent is sent first
    const left = await waiting();
    if (left.length && !(await sure(form, left))) return;
    dispatchEvent(new CustomEvent("reporter:wiped"));
    others.postMessage(account);
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
