/* The two kinds of pages of the desk, with the real module in them and somebody who writes. */

import { sendAll } from "/static/send-all.js";
import { Draft } from "/static/sync.js";
import { unsent } from "/static/unsent.js";
import { fieldsOf, words } from "/simulation/server.js";

const ROUND_EVERY = 15000; // ms, as device.js has
const LOOK_EVERY = 10000;

class Page {
  dead = false;
  account = null;

  constructor(device) {
    this.device = device;
    this.world = device.world;
    this.name = `${device.name}.${++this.world.count}`;
    this.store = device.storeOf(this);
    device.pages.add(this);
  }

  later(pause, what) {
    return this.world.clock.at(pause, () => { if (!this.dead) what(); });
  }

  get tools() {
    return {
      store: this.store, send: this.device.jobOf(this), later: (pause, what) => this.later(pause, what),
      newId: () => `id${++this.world.count}`,
    };
  }

  die() {
    this.dead = true;
    this.device.pages.delete(this);
  }

  online() {
    this.later(0, () => this.round());
  }

  every(pause, what) {
    this.later(pause, () => {
      what();
      this.every(pause, what);
    });
  }

  /** What device.js does: find out who is signed in, then send all that waits of that account. */
  async round() {
    if (this.rounding) return;
    this.rounding = true;
    try {
      const who = await this.device.ask(this, { kind: "ready" });
      if (who.state !== "signed_in") return;
      const send = (job, record) => {
        if (record.account !== who.account) this.world.fail(`${this.name} sent ${record.account}'s text for ${who.account}`);
        return this.tools.send(job, record);
      };
      await sendAll({ ...this.tools, send, account: who.account, tell: () => {}, alone: this.device.alone(this), except: () => (this.draft && !this.draft.lost ? this.key : "") });
      await this.signedIn?.(who);
    } catch (error) {
      if (error.constructor.name !== "Away" && error.message !== "the device is full") this.world.fail(`a round failed: ${error.stack}`);
    } finally {
      this.rounding = false;
    }
  }
}

export class Desk extends Page {
  constructor(device) {
    super(device);
    this.every(ROUND_EVERY, () => this.round());
    this.round();
  }
}

export class Writing extends Page {
  constructor(device, account) {
    super(device);
    this.account = account;
    this.key = `${account} /place`;
    this.ready = false;
    this.state = "";
    this.draft = new Draft({ ...this.tools, key: this.key, owner: this.name, tell: (told) => this.told(told) });
    this.begin();
  }

  async begin() {
    const { device, world } = this;
    const online = ["up", "flaky"].includes(device.line) && device.account === this.account;
    if (online) device.kept.set(this.account, world.place.page(this.account));
    const shown = structuredClone(device.kept.get(this.account) ?? world.before);
    this.form = words(shown.fields);
    this.release = device.steal(this, this.key, () => this.draft.giveWay());
    const record = await this.draft.open({ ...shown, place: "/place", account: this.account, title: "A session", deviceKey: "" });
    this.form = words(record.fields);
    this.notes = record.notes.split(" ").filter(Boolean);
    this.ready = true;
    this.every(LOOK_EVERY, () => this.look());
    this.every(ROUND_EVERY, () => this.round());
    this.round();
    this.world.writes(this);
  }

  online() {
    super.online();
    this.later(0, () => this.draft.record && this.draft.resume());
  }

  async signedIn(who) {
    if (who.account === this.account && (this.draft.failures || this.draft.stopped)) await this.draft.resume();
  }

  async look() {
    const { draft } = this;
    if (draft.lost || !draft.record?.report) return;
    try {
      const answer = await this.device.ask(this, { kind: "look", account: this.account, after: draft.record.base });
      if (answer.state === "newer") await draft.adopt(answer);
      if (answer.state !== "signed_out" && (draft.failures || draft.stopped)) await draft.resume();
    } catch {
      // The next look tells.
    }
  }

  get writable() {
    return this.ready && !this.dead && !this.draft.lost;
  }

  type(paragraph, word) {
    this.form[paragraph].push(word);
    this.world.typed(word, this);
    this.draft.type(fieldsOf(this.form));
  }

  takeOut(paragraph) {
    const at = this.form[paragraph].findLastIndex((word) => this.world.people.get(word) === this.account);
    if (at < 0) return;
    this.world.takenOut.add(this.form[paragraph][at]);
    this.form[paragraph].splice(at, 1);
    this.draft.type(fieldsOf(this.form));
  }

  note(word) {
    this.notes.push(word);
    this.world.noted(word, this);
    this.draft.note(this.notes.join(" "));
  }

  /** Press *Hand in*: a word of its own tells later what was handed in. */
  press(twice) {
    this.pressed = this.world.press(this);
    this.type(0, this.pressed);
    const { edit } = this.draft.record;
    this.draft.act("hand_in");
    if (twice) this.later(this.world.chance.between(0, 500), () => this.writable && this.draft.record.edit === edit && this.draft.record.act && this.draft.act("hand_in"));
  }

  /** The browser closes the tab, as it should: the page is told before. */
  close() {
    this.draft.record && this.draft.keep();
    this.later(this.world.chance.between(0, 40), () => this.die());
  }

  told(told) {
    if (this.dead) throw new Error("a dead page spoke");
    const { world } = this;
    if (told.kind === "merged") this.form = words(told.fields);
    if (told.kind === "notes") this.notes = told.notes.split(" ").filter(Boolean);
    if (told.kind === "taken_over") {
      world.gaveWay(this);
      this.release?.();
    }
    if (told.kind === "received" && told.answer.state === "clash") world.clashed(this, told);
    if (told.kind === "state") {
      this.state = told.state;
      world.heard(this, told);
    }
  }

  async resolve(sequence) {
    await this.draft.flush();
    if (this.dead || unsent(this.draft.record)) return;
    try {
      const answer = await this.device.ask(this, { kind: "resolve", account: this.account, sequence });
      if (answer.state === "together") await this.draft.adopt(answer);
    } catch {
      // The choice stays on the page.
    }
  }
}
