/* One randomised day: devices, pages, people and the server, and what must hold at its end. */

import { unsent } from "/static/unsent.js";
import { chanceOf, Clock } from "/simulation/chance.js";
import { Device } from "/simulation/device.js";
import { Desk, Writing } from "/simulation/pages.js";
import { Place, words } from "/simulation/server.js";

const SECOND = 1000;
const ME = 1;
const SOMEBODY_ELSE = 2;

export class World {
  constructor(seed, trace = false) {
    Object.assign(this, { seed, tracing: trace, chance: chanceOf(seed), clock: new Clock(), place: new Place(), count: 0 });
    this.lines = [];
    this.failures = [];
    this.figures = { words: 0, kills: 0, sent: 0, arrived: 0, takeovers: 0, clashes: 0, presses: 0, revisions: 0, held: 0, onDevice: 0 };
    this.accounts = [ME, SOMEBODY_ELSE];
    this.before = this.place.page(ME);
    this.people = new Map(); // who typed a word
    this.takenOut = new Set(); // words that their writer took out again
    this.owed = new Set(); // words that must be in sight at the end
    this.owedNotes = new Set();
    this.when = new Map(); // when and on which page a word was typed
    this.pressed = new Map(); // by the press's word: whether the page has promised it, and what became of it
    this.ending = false;
    this.devices = Array.from({ length: this.chance.happens(0.4) ? 2 : 1 }, (_, place) => new Device(this, `device${place}`));
  }

  trace(...parts) {
    if (this.tracing) this.lines.push(`${String(this.clock.now).padStart(8)} ${parts.join(" ")}`);
  }

  fail(why) {
    this.failures.push(`${why} (at ${this.clock.now} ms)`);
    this.trace("FAILED", why);
  }

  async run() {
    const { chance, clock } = this;
    const end = chance.between(20, 400) * SECOND;
    for (const device of this.devices) new Writing(device, ME);
    this.happenings(end);
    await clock.runUntil(end);
    await this.finish();
    this.judge();
    return { seed: this.seed, failures: this.failures, figures: this.figures, lines: this.lines };
  }

  // What people do

  /** Somebody sits before this page and writes, now faster, now slower, until it gives way or dies. */
  writes(page) {
    const { chance } = this;
    if (this.ending) return;
    const next = () => page.later(chance.happens(0.1) ? chance.between(1000, 20000) : chance.between(30, 600), () => {
      if (!page.writable || this.ending) return;
      const what = chance.number();
      if (what < 0.7) page.type(0, this.word("a"));
      else if (what < 0.8) page.type(1, this.word("a"));
      else if (what < 0.86) page.takeOut(0);
      else if (what < 0.94) page.note(this.word("n"));
      else if (what < 0.97) page.press(false);
      else if (what < 0.98) page.press(true);
      else page.draft.flush();
      next();
    });
    next();
  }

  word(kind) {
    this.figures.words += 1;
    return `${kind}${++this.count}`;
  }

  press(page) {
    const word = this.word("press");
    this.figures.presses += 1;
    this.pressed.set(word, { promised: false, order: this.pressed.size, page });
    return word;
  }

  typed(word, page) {
    this.people.set(word, page.account);
    this.when.set(word, { at: this.clock.now, page });
    this.trace(page.name, "typed", word);
  }

  noted(word, page) {
    this.when.set(word, { at: this.clock.now, page, note: true });
    this.trace(page.name, "noted", word);
  }

  // What happens to devices and texts

  happenings(end) {
    const { chance, clock } = this;
    const happenings = [
      [4, (device) => this.kill(device)],
      [2, (device) => this.closeOne(device)],
      [5, (device) => this.open(device)],
      [6, (device) => this.change(device, "setLine", chance.oneOf(["up", "up", "down", "down", "flaky", "flaky", "hotel", "broken"]))],
      [2, (device) => this.change(device, "setKeeps", chance.oneOf(["well", "well", "slow", "full"]))],
      [2, (device) => this.signs(device, chance.oneOf([ME, ME, null, SOMEBODY_ELSE]))],
      [3, () => this.elsewhere()],
      [0.1, () => this.closes()],
    ];
    const total = happenings.reduce((sum, [weight]) => sum + weight, 0);
    const next = () => {
      let draw = chance.number() * total;
      const [, what] = happenings.find(([weight]) => (draw -= weight) < 0) ?? happenings[0];
      what(chance.oneOf(this.devices));
      clock.at(chance.between(200, 15000), () => { if (clock.now < end) next(); });
    };
    clock.at(chance.between(0, 8000), next);
  }

  change(device, what, to) {
    this.trace(device.name, what, to);
    device[what](to);
  }

  signs(device, account) {
    this.trace(device.name, "is signed in as", account);
    device.account = account;
    if (account) for (const page of device.pages) page.online();
  }

  open(device) {
    const kind = this.chance.number();
    const page = kind < 0.6 || !device.account ? new Writing(device, ME) : kind < 0.8 ? new Writing(device, device.account) : new Desk(device);
    this.trace(page.name, "opened by", page.account);
  }

  elsewhere() {
    const word = this.word("b");
    this.people.set(word, SOMEBODY_ELSE);
    this.place.changedElsewhere(this.chance.oneOf([1, 1, 1, 0, 2]), word, SOMEBODY_ELSE);
    this.owed.add(word);
    this.trace("elsewhere", word);
  }

  closes() {
    this.place.closed = true;
    this.trace("the session is closed: what arrives is held");
  }

  closeOne(device) {
    const page = this.chance.oneOf([...device.pages]);
    if (!page) return;
    this.trace(page.name, "is closed");
    if (page instanceof Writing) page.close();
    else page.die();
  }

  kill(device) {
    this.figures.kills += 1;
    this.trace(device.name, "is killed");
    this.rememberOlder(device, SECOND);
    device.kill();
  }

  /** What was typed longer ago than this is owed, where the browser has kept all it was given since. */
  rememberOlder(device, age) {
    for (const [word, { at, page, note }] of this.when) {
      if (page.device !== device || page.dead || at > this.clock.now - age || at < device.workedSince) continue;
      (note ? this.owedNotes : this.owed).add(word);
    }
  }

  // What pages say, and what the server receives

  heard(page, { state, record }) {
    const said = new Set(words(record.fields).flat());
    if (state === "on_device") {
      this.figures.onDevice += 1;
      for (const word of said) this.owed.add(word);
      for (const word of record.notes.split(" ").filter(Boolean)) this.owedNotes.add(word);
      if (record.act && page.pressed && this.pressed.has(page.pressed)) this.pressed.get(page.pressed).promised ||= keptPress(page, page.pressed);
    }
    if (["received", "filed", "held"].includes(state)) {
      const arrived = this.place.arrived();
      const lacks = [...said].filter((word) => !arrived.has(word));
      if (lacks.length) this.fail(`${page.name} said ${state} of ${lacks.join(" ")}`);
    }
    if (state === "filed" && !this.place.revisions.length) this.fail(`${page.name} said filed of nothing`);
    this.trace(page.name, "says", state, record.act ? "with a press" : "", page.draft.stopped);
  }

  gaveWay(page) {
    this.figures.takeovers += 1;
    this.trace(page.name, "gave way");
  }

  clashed(page, { answer }) {
    this.figures.clashes += 1;
    if (this.chance.happens(0.5)) page.later(this.chance.between(200, 8000), () => page.resolve(answer.together));
  }

  arrives(message, cookie) {
    this.figures.arrived += 1;
    if (!cookie) return { state: "signed_out" };
    if (message.kind === "ready") return { state: "signed_in", account: cookie };
    if (message.account !== cookie) return { state: "other_account", name: "Somebody else" };
    if (message.kind === "look") return this.place.look(message.after);
    if (message.kind === "resolve") return this.place.resolve(message.sequence);
    const answer = this.place.receive(message);
    this.trace("arrived", message.id, message.account, message.act ?? "", `on ${message.basedOn} for ${message.replaces}`, JSON.stringify(message.text), "->", answer.state, answer.sequence ?? "");
    if (message.act && answer.state !== "filed") this.answered(message);
    return answer;
  }

  /** A press that met a clash, or a text that is held, is answered; so are those before it, whose place it took. */
  answered({ account, text }) {
    const last = Math.max(...text.flat().map((word) => this.pressed.get(word)?.order ?? -1));
    for (const press of this.pressed.values()) if (press.page.account === account && press.order <= last) press.answered = true;
  }

  // The end

  /** The network is back, the browser keeps, and each account's page is opened once more. */
  async finish() {
    this.ending = true;
    for (const device of this.devices) {
      if (this.chance.happens(0.5)) this.kill(device);
      else this.rememberOlder(device, this.chance.oneOf([SECOND, SECOND]));
      device.setKeeps("well");
      device.setLine("up");
    }
    for (const account of [SOMEBODY_ELSE, ME]) {
      for (const device of this.devices) {
        this.signs(device, account);
        if (this.chance.happens(0.5)) new Writing(device, account);
        else new Desk(device);
      }
      await this.clock.runUntil(this.clock.now + 200 * SECOND);
    }
  }

  judge() {
    const { place } = this;
    this.figures.revisions = place.revisions.length;
    this.figures.held = place.held.length;
    const sight = place.inSight();
    const lost = [...this.owed].filter((word) => !sight.has(word) && !this.takenOut.has(word));
    if (lost.length) this.fail(`not in sight: ${lost.join(" ")}`);
    const held = place.held.filter((one) => !one.replaced);
    const notes = new Set([...[...place.notes.values()].map((row) => row.list), ...held.map((one) => one.notes)].flat());
    const lostNotes = [...this.owedNotes].filter((word) => !notes.has(word));
    if (lostNotes.length) this.fail(`notes lost: ${lostNotes.join(" ")}`);
    this.judgeDevices();
    this.judgePresses();
    const foreign = [...place.saves, ...place.held].filter((one) => one.id && one.text.flat().some((word) => this.typedUnseen(word, one)));
    if (foreign.length) this.fail(`sent as somebody else's: ${foreign.map((one) => one.id).join(" ")}`);
  }

  /** A word that another account typed, and that stood in no text of the server before this one. */
  typedUnseen(word, save) {
    const writer = this.people.get(word);
    if (writer === save.account || !writer) return false;
    const first = this.place.saves.find((one) => one.text.flat().includes(word));
    return !first || first === save;
  }

  judgeDevices() {
    for (const device of this.devices) {
      for (const record of device.disk.values()) {
        if (unsent(record)) this.fail(`${device.name} still has ${record.key}: ${JSON.stringify(record)}`);
      }
    }
  }

  judgePresses() {
    const made = new Map();
    for (const { pressed } of this.place.revisions) {
      const last = pressed.flat().filter((word) => this.pressed.has(word)).sort((one, other) => this.pressed.get(one).order - this.pressed.get(other).order).at(-1);
      made.set(last, (made.get(last) ?? 0) + 1);
    }
    for (const [word, count] of made) if (count > 1) this.fail(`${word} made ${count} revisions`);
    const lastMade = Math.max(-1, ...[...made.keys()].map((word) => this.pressed.get(word)?.order ?? -1));
    for (const [word, { promised, answered, order }] of this.pressed) {
      if (promised && !answered && order > lastMade) this.fail(`${word} was promised and made no revision`);
    }
  }
}

/** Whether the device holds this press, or what it sends. */
function keptPress(page, word) {
  const record = page.device.disk.get(page.key);
  return [record?.act, record?.sending].some((one) => one?.fields && (one.act || one.name) && words(one.fields).flat().includes(word));
}

/** Run the worlds of these seeds; answers the failures, and what happened in all of them together. */
export async function runAll(seeds) {
  const failures = [];
  const figures = {};
  for (const seed of seeds) {
    const ended = await new World(seed).run();
    for (const why of ended.failures) failures.push(`seed ${seed}: ${why}`);
    for (const [name, count] of Object.entries(ended.figures)) figures[name] = (figures[name] ?? 0) + count;
  }
  return { failures, figures };
}

/** One seed again, told step by step. */
export function replay(seed) {
  return new World(seed, true).run();
}
