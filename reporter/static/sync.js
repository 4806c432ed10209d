/* Keeping what is typed: on this device first, then on the server, with nothing lost between.

   A Draft is one text on its way. It knows no page, no network and no clock: the store, the sending and the waiting are
   handed in, so that it can be tried with ones that fail. What it holds is one record:

   edit       counts what was typed; known is the edit that the server has
   base       the save from which the writer goes on (its number on the server; 0: nothing)
   sending    what is on its way, under an id of its own: sent again until it is answered, so a resend is harmless
   act        what its writer wants done with a text (handing it in), as it stood when they said so; its id is that of the
              press, so that one press is one revision, however often it is sent
   heldAs     the id under which the server holds an older state of it beside its report
   owner      the page that writes it; another page of the same browser takes over by putting its own name there */

import { notesWait, sendable, unsent, waits } from "./unsent.js";

export const STORE_AFTER = 250; // ms from a keystroke to the device
export const SEND_AFTER = 2000; // ms from a keystroke to the server
const LONGEST_PAUSE = 30000;

/** The network did not answer, or somebody else did in its name. */
export class Away extends Error {}

export class Draft {
  constructor({ key, store, send, tell, later, newId, owner }) {
    Object.assign(this, { key, store, send, later, newId, owner });
    this.listener = tell;
    this.record = null;
    this.before = null; // whose record it was, where this page could read it and not yet put its name there
    this.stored = -1; // the edit that the device has
    this.storedNotes = -1;
    this.lost = false; // another page writes this text now
    this.broken = false; // this device keeps nothing
    this.stopped = ""; // why nothing is sent: signed_out, other_account
    this.failures = 0;
    this.timers = {};
    this.busy = null;
  }

  /** Begin with what the device holds, or with what the page brought, whichever is newer. */
  async open(page) {
    const fresh = {
      key: this.key, place: page.place, account: page.account, title: page.title, deviceKey: page.deviceKey,
      report: page.report, base: page.base, fields: page.fields, edit: 0, known: 0,
      notes: page.notes, notesEdit: 0, notesKnown: 0, notesVersion: page.notesVersion,
      sending: null, act: null, heldAs: "", owner: this.owner,
    };
    const begun = (there) => {
      if (!there) return fresh;
      const now = { ...there, owner: this.owner, title: page.title, deviceKey: page.deviceKey, refused: null, unkept: null };
      if (!waits(there) && page.base >= there.base) {
        Object.assign(now, { report: page.report, base: page.base, fields: page.fields, held: null, heldAs: "" });
        if (page.base > there.base) now.filed = null;
      }
      // Notes that a held text took along stay with that one: what is noted from now on does not hold them.
      if (!unsent(there) && page.notesVersion > there.notesVersion) Object.assign(now, { notes: page.notes, notesVersion: page.notesVersion, heldAs: "" });
      return now;
    };
    const taken = await this.change(begun);
    this.record = taken ?? begun(await this.readOnly());
    this.stored = taken ? this.record.edit : -1;
    this.storedNotes = taken ? this.record.notesEdit : -1;
    this.say();
    if (sendable(this.record)) this.soon("send", 0, () => this.push());
    return this.record;
  }

  /** What a device holds that cannot keep anything more: its text is shown all the same. */
  async readOnly() {
    try {
      const there = this.store.lasting ? await this.store.get(this.key) : undefined;
      this.before = there?.owner ?? null;
      return there;
    } catch {
      return undefined;
    }
  }

  /** Go on with a text that no page shows, as the device holds it. */
  carryOn(record) {
    this.record = record;
    this.stored = record.edit;
    this.storedNotes = record.notesEdit;
  }

  /** Something was typed. */
  type(fields) {
    if (this.lost) return;
    Object.assign(this.record, { fields, edit: this.record.edit + 1, held: null, filed: null, refused: null, unfiled: null });
    this.typed();
  }

  /** Something was noted beside the text. */
  note(text) {
    if (this.lost) return;
    this.record.notes = text;
    this.record.notesEdit += 1;
    this.typed();
  }

  typed() {
    this.say();
    this.soon("keep", STORE_AFTER, () => this.keep());
    this.soon("send", SEND_AFTER, () => this.push());
  }

  /** Hand in the text as it stands now; with no network as soon as there is one. */
  async act(name) {
    if (this.lost) return;
    const { fields, edit, base, act } = this.record;
    // A second click on the same text is the same press.
    if (act?.name !== name || act.edit !== edit) this.record.act = { id: this.newId(), name, fields, edit, base };
    Object.assign(this.record, { filed: null, unfiled: null });
    await this.keep();
    this.say();
    await this.push();
  }

  /** Put everything on the device now, and on the server as soon as may be. */
  async flush() {
    await this.keep();
    await this.push();
  }

  /** The network came back, or somebody signed in: try again at once. */
  async resume() {
    this.stopped = "";
    this.failures = 0;
    await this.push();
  }

  /** Write the record to the device. */
  async keep() {
    if (this.lost || !this.record) return;
    const record = { ...this.record };
    const kept = await this.change((there) => (there && there.owner !== this.owner && there.owner !== this.before ? undefined : record));
    if (kept) {
      this.stored = Math.max(this.stored, record.edit);
      this.storedNotes = Math.max(this.storedNotes, record.notesEdit);
    }
    this.say();
  }

  /** Change the device's record; undefined where that was not possible, or another page took over. */
  async change(how) {
    try {
      const { taken, value } = await this.store.change(this.key, how);
      this.broken = !this.store.lasting;
      if (!taken) await this.giveWay();
      else if (this.store.lasting) this.before = null;
      return taken && this.store.lasting ? value : undefined;
    } catch {
      this.broken = true;
      return undefined;
    }
  }

  /** Another page of this browser writes this text now: what only this page knows is kept for it to take in. */
  async giveWay() {
    if (this.lost) return;
    this.lost = true;
    for (const cancel of Object.values(this.timers)) cancel();
    const { record } = this;
    if (record && (record.edit > this.stored || record.notesEdit > this.storedNotes)) {
      const key = `${this.key}#${this.newId()}`;
      try {
        await this.store.change(key, () => ({ ...record, key, owner: key, act: null, leftover: true }));
      } catch {
        this.broken = true;
      }
    }
    this.tell({ kind: "taken_over" });
  }

  /** Its writer signed out: nothing of it may come back to this device. */
  forget() {
    this.lost = true;
    for (const cancel of Object.values(this.timers)) cancel();
  }

  /** Send what has not been received, one piece after the other. */
  push() {
    this.again = true;
    this.busy ??= this.pushing();
    return this.busy;
  }

  async pushing() {
    await null; // so that `busy` stands before it is taken back
    while (this.again && !this.lost && !this.stopped) {
      this.again = false;
      this.timers.send?.();
      await this.keep();
      const job = await this.next();
      if (!job || this.lost) break;
      let answer;
      try {
        answer = await this.send(job, this.record);
      } catch {
        this.away();
        break;
      }
      if (this.lost) break;
      await this.answered(job, answer);
    }
    this.busy = null; // in the same turn as the last look at `again`: whoever asks from now on is heard
    this.say();
  }

  /** What is to be sent next: what is on its way already, else what its writer wants done, else what was typed. */
  async next() {
    const { record } = this;
    if (record.sending) return record.sending;
    if (!sendable(record)) return null;
    const notes = notesWait(record) && !record.act; // whatever is sent under the id of a press is always the same
    const { id, fields, edit, name, base } = record.act ?? record;
    record.sending = {
      id: id ?? this.newId(), fields, edit, act: name ?? null, base, report: record.report, replaces: record.heldAs ?? "",
      notes: notes ? record.notes : null, notesEdit: record.notesEdit, notesVersion: record.notesVersion,
    };
    await this.keep();
    return record.sending;
  }

  async answered(job, answer) {
    const { record } = this;
    this.failures = 0;
    switch (answer.state) {
      case "received":
      case "clash":
      case "filed":
        this.received(job, answer);
        break;
      case "held":
        this.done(job, answer);
        record.held = { sentence: answer.sentence, see: answer.see, received: answer.received };
        record.heldAs = job.id;
        break;
      case "refused":
        record.sending = null;
        if (record.act?.id === job.id) record.act = null;
        record.refused = { edit: job.edit, notesEdit: job.notes === null ? null : job.notesEdit, sentence: answer.sentence };
        this.tell({ kind: "refused", sentence: answer.sentence });
        break;
      case "signed_out":
      case "other_account":
        this.stopped = answer.state;
        this.tell({ kind: answer.state, name: answer.name });
        return;
      default:
        this.away();
        return;
    }
    await this.keep();
    // A text that was typed on meanwhile follows at its own pace; what its writer wants done follows at once.
    if (record.act) this.again = true;
    else if (sendable(record)) this.soon("send", SEND_AFTER, () => this.push());
  }

  received(job, answer) {
    const { record } = this;
    this.done(job, answer);
    record.report = answer.report;
    record.base = answer.sequence;
    record.received = answer.received;
    record.heldAs = "";
    // What is to be handed in still is the text as it stood then, and goes on from the save that holds it.
    if (record.act && record.act.edit >= job.edit) record.act.base = answer.sequence;
    // Somebody else's words came in. They are shown when nothing was typed since; else the next save brings them.
    if (answer.fields && record.edit === job.edit) {
      record.fields = answer.fields;
      record.base = answer.head;
      this.tell({ kind: "merged", fields: answer.fields });
    }
    if (answer.state === "filed") record.filed = { sentence: answer.sentence, see: answer.see };
    else if (job.act) record.unfiled = { sentence: answer.refusal ?? "" };
    this.tell({ kind: "received", answer, act: job.act });
  }

  done(job, answer) {
    const { record } = this;
    record.known = Math.max(record.known, job.edit);
    record.sending = null;
    if (record.act?.id === job.id) record.act = null;
    if (job.notes === null) return;
    // Whoever is not among the report's rapporteurs has no notes there: they stay on the device.
    if (answer.notes_version === undefined && answer.state !== "held") {
      record.unkept = job.notesEdit;
      return;
    }
    record.notesKnown = job.notesEdit;
    if (answer.notes_version === undefined) return;
    if (answer.notes === undefined) {
      record.notesVersion = answer.notes_version;
    } else if (record.notesEdit === job.notesEdit) {
      // Another device of the same person had noted something: both stand there now. Typed on meanwhile, the next
      // save meets them again.
      Object.assign(record, { notes: answer.notes, notesVersion: answer.notes_version });
      this.tell({ kind: "notes", notes: answer.notes });
    }
  }

  /** What somebody else wrote, and nothing was typed here since: show it. */
  async adopt(answer) {
    const { record } = this;
    if (this.lost || waits(record) || !(answer.head > record.base)) return;
    Object.assign(record, { fields: answer.fields, base: answer.head, report: answer.report, held: null, heldAs: "", filed: null });
    this.tell({ kind: "merged", fields: answer.fields });
    await this.keep();
  }

  away() {
    this.failures += 1;
    const pause = Math.min(LONGEST_PAUSE, 1000 * 2 ** Math.min(this.failures, 5));
    this.soon("retry", pause, () => this.push());
    this.tell({ kind: "away" });
  }

  /** Tell the page; where that fails, the text goes its way all the same. */
  tell(told) {
    try {
      this.listener(told);
    } catch (error) {
      reportError(error);
    }
  }

  /** Once, `pause` ms from now; what waits already is not put off. */
  soon(name, pause, what) {
    if (this.timers[name] || this.lost) return;
    const cancel = this.later(pause, () => {
      delete this.timers[name];
      what();
    });
    this.timers[name] = () => {
      cancel();
      delete this.timers[name];
    };
  }

  /** Where the text stands, never better than it is. */
  say() {
    const { record } = this;
    if (!record || this.lost) return;
    const open = unsent(record);
    const text = waits(record);
    let state = "received";
    if (record.held && !text) state = "held";
    else if (record.filed && !open) state = "filed";
    else if (open && this.broken) state = "nowhere";
    else if (open && (record.edit > this.stored || record.notesEdit > this.storedNotes)) state = "typing";
    else if (open) state = "on_device";
    else if (!record.received) state = "nothing";
    this.tell({ kind: "state", state, record, stopped: this.stopped, away: this.failures > 0, notesWait: notesWait(record) });
  }
}
