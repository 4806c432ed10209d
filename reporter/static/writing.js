/* The page on which a report is written: it joins the form, the Draft that keeps what is typed, and what is said of it. */

import { identity, register, rememberOpened, signInHere, takeOver, whenDown } from "./device.js";
import { enhance } from "./editor.js";
import { readFields, same, showFields, valueOf } from "./fields.js";
import { watch } from "./preflight.js";
import { sendAll } from "./send-all.js";
import { ask, newId, post, ready, sendJob } from "./sending.js";
import { openStore } from "./store.js";
import { Draft } from "./sync.js";
import { unsent } from "./unsent.js";
import { words } from "./words.js";

const LOOK_EVERY = 10000; // ms
const page = document.getElementById("writing");
const form = document.getElementById("report-form");
const state = document.getElementById("state");
const said = document.getElementById("said");
const together = document.getElementById("together-place");
const notes = document.getElementById("notes");
const about = page.dataset;
const owner = newId();

const later = (pause, what) => {
  const timer = setTimeout(what, pause);
  return () => clearTimeout(timer);
};

const store = await openStore();
const device = await identity(store, newId, Number(about.account));
const key = `${about.account} ${about.place}`;
const asSent = form.cloneNode(true);
asSent.reset();
let shown = readFields(asSent); // what the server sent; what was typed before the script was there comes below
let pressed = false; // its writer handed in and waits
let release = null; // lets other pages of this browser send the text
const atFirst = state.textContent; // what the server said of the text that it sent

const draft = new Draft({ key, store, later, newId, owner, send: (job, record) => sendJob(job, record, device), tell });

function tell(told) {
  switch (told.kind) {
    case "state": showState(told); break;
    case "merged": show(told.fields, words.merged); break;
    case "notes": if (notes) notes.value = told.notes; break;
    case "received": received(told); break;
    case "refused": say(told.sentence, "refusal"); break;
    case "signed_out": signInHere({ place: said, done: signedIn }); break;
    case "other_account": say(words.otherAccount.replace("{name}", told.name), "refusal"); break;
    case "taken_over": takenOver(); break;
  }
}

function showState({ state: name, record, stopped, away, notesWait }) {
  const sentence = {
    nothing: record.base ? atFirst : words.nothing, typing: words.typing, nowhere: words.nowhere,
    on_device: words.onDevice, held: record.held?.sentence,
    received: words.received.replace("{time}", record.received ?? ""), filed: words.filed,
  }[name];
  const more = [];
  if (record.act && name !== "nowhere") more.push(words.willBeHandedIn);
  if (record.unkept && notesWait) more.push(words.notesHere);
  if (away && !record.act && name !== "received" && name !== "filed") more.push(words.away);
  if (stopped === "signed_out") more.push(words.signedOut);
  const text = [sentence, ...more].filter(Boolean).join(" ");
  if (state.textContent !== text) state.textContent = text;
  state.dataset.state = name;
  page.dataset.state = name;
  if (name === "held" && record.held) say(`${words.held} ${record.held.sentence}`, "notice", record.held.see);
}

function received({ answer, act }) {
  about.report = answer.report;
  showOthers(answer.others);
  if (answer.refusal) say(answer.refusal, "refusal");
  else if (answer.state === "filed" && pressed) confirm(answer);
  else if (answer.state === "filed") say(answer.sentence, "notice", answer.see);
  else if (act && answer.state === "clash") say(words.clashFirst, "refusal");
  if (answer.state === "clash") showClash(answer.together);
  else if (together.firstElementChild) together.replaceChildren();
}

/** Handed in while its writer waited: the report's page says so. Who has typed on meanwhile stays here. */
function confirm(answer) {
  pressed = false;
  sessionStorage.setItem("said", answer.sentence);
  location.assign(answer.see);
}

/** Put these words into the form, without moving what the writer looks at. */
function show(fields, sentence) {
  showFields(form, fields);
  shown = readFields(form);
  if (sentence) say(sentence, "meta");
}

function say(sentence, kind, see) {
  const line = document.createElement("p");
  line.className = kind;
  if (kind === "refusal") line.setAttribute("role", "alert");
  line.textContent = sentence;
  if (see) {
    const link = document.createElement("a");
    link.href = see;
    link.textContent = words.see;
    line.append(" ", link);
  }
  said.replaceChildren(line);
}

let others = "";
function showOthers(list) {
  const names = (list ?? []).map((one) => (one.me ? words.youElsewhere : one.name)).join(", ");
  if (names === others) return;
  others = names;
  let line = document.getElementById("others");
  if (!line) {
    line = Object.assign(document.createElement("p"), { id: "others", className: "meta" });
    line.setAttribute("aria-live", "polite");
    state.after(line);
  }
  line.textContent = names ? words.alsoWriting.replace("{names}", names) : "";
}

function showClash(html) {
  if (together.contains(document.activeElement)) return; // somebody is choosing
  const made = new DOMParser().parseFromString(html, "text/html").querySelector("form");
  together.replaceChildren(made);
}

together.addEventListener("submit", async (event) => {
  event.preventDefault();
  await draft.flush();
  if (unsent(draft.record)) return;
  const chosen = new URLSearchParams(new FormData(event.target));
  try {
    const answer = await post(event.target.action, chosen);
    if (answer.state === "clash") showClash(answer.together);
    else together.replaceChildren();
    if (answer.fields) await draft.adopt(answer);
    say(answer.sentence, answer.state === "refused" ? "refusal" : "notice");
  } catch {
    say(words.away, "refusal");
  }
});

/** Another page of this browser writes this text now. */
function takenOver() {
  release?.();
  page.classList.add("taken-over");
  for (const input of form.elements) input.disabled = true;
  if (notes) notes.disabled = true;
  const line = document.createElement("p");
  line.className = "notice";
  line.setAttribute("role", "alert");
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: words.writeHere });
  button.addEventListener("click", () => location.reload());
  line.append(`${words.takenOver} `, button);
  said.replaceChildren(line);
  state.textContent = words.takenOver;
}

async function signedIn(who) {
  if (who.account !== Number(about.account)) {
    say(words.otherAccount.replace("{name}", who.name), "refusal");
    return;
  }
  say(words.signedInAgain, "meta");
  await draft.resume();
}

/** What must be there before a text is handed in; the server asks the same again. */
function missing(act) {
  const fields = readFields(form);
  const points = fields.filter(([name, value]) => name === "key_points" && value.trim()).flatMap(([, value]) => value.trim().split("\n"));
  if (!valueOf(fields, "headline").trim()) return words.needsHeadline;
  if (act === "first_summary") return points.length < 2 ? words.needsPoints : "";
  if (!valueOf(fields, "lead").trim() && !points.length) return words.needsLead;
  return fields.some(([name]) => name === "policy_issues") ? "" : words.needsIssue;
}

function typed() {
  const now = readFields(form);
  if (same(now, shown)) return;
  shown = now;
  pressed = false;
  draft.type(now);
}

/** What was typed on the server's words while the device held newer ones: a piece of its own, which the server merges. */
async function keepApart(fields) {
  const apart = `${key}#${newId()}`;
  const own = { key: apart, owner: apart, fields, base: Number(about.base), edit: 1, known: 0, sending: null, act: null, leftover: true };
  await store.change(apart, () => ({ ...draft.record, ...own, notesEdit: draft.record.notesKnown }));
}

async function look() {
  if (document.hidden || draft.lost || !about.report || together.firstElementChild) return;
  try {
    const answer = await ask(`${about.place}/saves?after=${draft.record.base}&device=${device}`);
    showOthers(answer.others);
    if (answer.state === "newer") await draft.adopt(answer);
    if (draft.failures || draft.stopped) await draft.resume();
  } catch {
    // The next look, or the next save, tells.
  }
}

release = takeOver(key, () => draft.giveWay()); // before the device is read, so that nobody else sends it now
const record = await draft.open({
  place: about.place, account: Number(about.account), title: about.title, deviceKey: about.deviceKey,
  report: about.report ? Number(about.report) : null, base: Number(about.base), fields: shown,
  notes: notes?.defaultValue ?? "", notesVersion: Number(about.notesVersion),
});
const early = readFields(form);
if (!same(early, shown) && same(record.fields, shown)) typed();
else if (!same(record.fields, shown)) {
  if (!same(early, shown) && !same(early, record.fields)) await keepApart(early);
  show(record.fields);
}
if (notes && notes.value !== notes.defaultValue && record.notes === notes.defaultValue) draft.note(notes.value);
else if (notes && notes.value !== record.notes) notes.value = record.notes;
if (record.report) about.report = record.report;
if (draft.broken) say(words.nowhere, "refusal");
else if (record.unfiled) say(record.unfiled.sentence || words.clashFirst, "refusal");

form.addEventListener("input", typed);
form.addEventListener("change", typed);
notes?.addEventListener("input", () => draft.note(notes.value));
form.addEventListener("submit", async (event) => {
  const act = event.submitter?.value ?? "save";
  event.preventDefault();
  if (draft.lost) return;
  typed();
  if (act === "save") return void draft.flush();
  if (act === "preview") {
    await draft.flush();
    if (!unsent(draft.record)) location.assign(`/desk/reports/${draft.record.report}/draft`);
    return;
  }
  const lacks = missing(act);
  if (lacks) {
    say(lacks, "refusal");
    said.scrollIntoView({ block: "center" });
    await draft.flush();
    return;
  }
  pressed = true;
  await draft.act(act);
});
document.getElementById("tighten")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const rule = event.submitter?.value;
  await whenDown(store, { address: event.target.action, rule, account: Number(about.account) });
  say(words.tightening, "notice");
});

await rememberOpened(store, about.place);
addEventListener("online", () => draft.resume());
addEventListener("reporter:online", ({ detail }) => {
  if (detail?.account === Number(about.account) && (draft.failures || draft.stopped)) draft.resume();
});
addEventListener("reporter:flush", ({ detail }) => detail.waitFor(draft.flush()));
addEventListener("reporter:wiped", () => draft.forget());
addEventListener("pagehide", () => draft.keep());
document.addEventListener("visibilitychange", () => {
  if (document.hidden) draft.flush();
  else look();
});
addEventListener("beforeunload", (event) => {
  if (!draft.lost && page.dataset.state === "nowhere") event.preventDefault();
});
setInterval(look, LOOK_EVERY);

const pastes = () => draft.record.pastes ?? [];
const keepPastes = (list) => {
  draft.record.pastes = list;
  draft.keep();
};
enhance(form, {
  page, post, pastes,
  keepPaste: (one) => keepPastes([...pastes(), one]),
  dropPaste: (one) => keepPastes(pastes().filter((other) => other.plain !== one.plain || other.html !== one.html)),
});
watch(form, about.place, post);
page.classList.add("with-script");
page.dataset.ready = "yes";
register({ store, ready, send: (job, about) => sendJob(job, about, device), newId, later, sendAll, except: () => (draft.lost ? "" : key), say });
