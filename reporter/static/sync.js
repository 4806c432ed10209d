/* Keeping what is typed: on this device first, then on the server, with nothing lost between.

   A Draft is one text on its way. It knows no page, no network and no clock: the store, the sending and the waiting are
   handed in, so that it can be tried with ones that fail. What it holds is one record:

   edit       counts what was typed; known is the edit that the server has
   base       the save from which the writer goes on (its number on the server; 0: nothing)
   sending    what is on its way, under an id of its own: sent again until it is answered, so a resend is harmless
   act        what its writer wants done with a text (handing it in), as it stood when they said so
   owner      the page that writes it; another page of the same browser takes over by putting its own name there */

export const STORE_AFTER = 250; // ms from a keystroke to the device
export const SEND_AFTER = 2000; // ms from a keystroke to the server
const LONGEST_PAUSE = 30000;

/** The network did not answer, or somebody else did in its name. */
export class Away extends Error {}

export class Draft {
  constructor({ key, store, send, tell, later, newId, owner }) {
    Object.assign(this, { key, store, send, tell, later, newId, owner });
    this.record = null;
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
      sending: null, act: null, owner: this.owner,
    };
    const taken = await this.change((there) => {
      if (!there) return fresh;
      const now = { ...there, owner: this.owner, title: page.title, deviceKey: page.deviceKey };
      if (!unsent(there) && page.base >= there.base) Object.assign(now, { report: page.report, base: page.base, fields: page.fields, held: null });
      if (there.notesEdit === there.notesKnown && page.notesVersion >= there.notesVersion) Object.assign(now, { notes: page.notes, notesVersion: page.notesVersion });
      return now;
    });
    this.record = taken ?? fresh;
    this.stored = taken ? this.record.edit : -1;
    this.storedNotes = taken ? this.record.notesEdit : -1;
    this.say();
    if (unsent(this.record)) this.soon("send", 0, () => this.push());
    return this.record;
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
    this.record.fields = fields;
    this.record.edit += 1;
    this.record.held = null;
    this.record.filed = null;
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
    const { fields, edit } = this.record;
    this.record.act = { name, fields, edit };
    this.record.filed = null;
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
    const kept = await this.change((there) => (there && there.owner !== this.owner ? undefined : record));
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
        await this.store.change(key, () => ({ ...record, key, owner: null, act: null, leftover: true }));
      } catch {
        this.broken = true;
      }
    }
    this.tell({ kind: "taken_over" });
  }

  /** Send what has not been received, one piece after the other. */
  push() {
    this.again = true;
    this.busy ??= this.pushing().finally(() => { this.busy = null; });
    return this.busy;
  }

  async pushing() {
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
    this.say();
  }

  /** What is to be sent next: what is on its way already, else what its writer wants done, else what was typed. */
  async next() {
    const { record } = this;
    if (record.sending) return record.sending;
    const notes = record.notesEdit > record.notesKnown;
    if (!record.act && !notes && (record.edit <= record.known || record.edit === this.refused)) return null;
    const { fields, edit, name } = record.act ?? record;
    record.sending = {
      id: this.newId(), fields, edit, act: name ?? null, base: record.base, report: record.report,
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
        this.done(job);
        record.held = { sentence: answer.sentence, see: answer.see, received: answer.received };
        break;
      case "refused":
        record.sending = null;
        if (job.act) record.act = null;
        this.refused = job.edit;
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
    else if (unsent(record) && record.edit !== this.refused) this.soon("send", SEND_AFTER, () => this.push());
  }

  received(job, answer) {
    const { record } = this;
    this.done(job);
    record.report = answer.report;
    record.base = answer.sequence;
    record.received = answer.received;
    if (answer.notes_version !== undefined && record.notesEdit === job.notesEdit) record.notesVersion = answer.notes_version;
    // Somebody else's words came in. They are shown when nothing was typed since; else the next save brings them.
    if (answer.fields && record.edit === job.edit) {
      record.fields = answer.fields;
      record.base = answer.head;
      this.tell({ kind: "merged", fields: answer.fields });
    }
    if (answer.state === "filed") record.filed = { sentence: answer.sentence, see: answer.see };
    this.tell({ kind: "received", answer, act: job.act });
  }

  done(job) {
    const { record } = this;
    record.known = Math.max(record.known, job.edit);
    if (job.notes !== null) record.notesKnown = job.notesEdit;
    if (job.act) record.act = null;
    record.sending = null;
  }

  /** What somebody else wrote, and nothing was typed here since: show it. */
  async adopt(answer) {
    const { record } = this;
    if (this.lost || unsent(record) || !(answer.head > record.base)) return;
    record.fields = answer.fields;
    record.base = answer.head;
    record.report = answer.report;
    this.tell({ kind: "merged", fields: answer.fields });
    await this.keep();
  }

  away() {
    this.failures += 1;
    const pause = Math.min(LONGEST_PAUSE, 1000 * 2 ** Math.min(this.failures, 5));
    this.soon("retry", pause, () => this.push());
    this.tell({ kind: "away" });
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
    const waits = unsent(record);
    let state = "received";
    if (record.held && !waits) state = "held";
    else if (record.filed && !waits) state = "filed";
    else if (waits && this.broken) state = "nowhere";
    else if (waits && (record.edit > this.stored || record.notesEdit > this.storedNotes)) state = "typing";
    else if (waits) state = "on_device";
    else if (!record.received) state = "nothing";
    this.tell({ kind: "state", state, record, stopped: this.stopped, away: this.failures > 0 });
  }
}

/** Whether the server does not have all of it yet. */
export function unsent(record) {
  return Boolean(record.sending || record.act || record.edit > record.known || record.notesEdit > record.notesKnown);
}

/** Send everything of an account that no page is writing, such as what was written with no network yesterday. */
export async function sendAll({ account, store, send, later, newId, tell, alone, except }) {
  for (const record of await store.all()) {
    if (record.account !== account || record.key === except || !unsent(record)) continue;
    await alone(record.key, async () => {
      const now = await store.get(record.key);
      if (!now || !unsent(now)) return;
      const draft = new Draft({ key: record.key, store, send, later, newId, tell: () => {}, owner: now.owner });
      draft.carryOn(now);
      await draft.push();
      for (const cancel of Object.values(draft.timers)) cancel();
      tell({ record: draft.record, sent: !unsent(draft.record), stopped: draft.stopped });
      if (draft.record.leftover && !unsent(draft.record)) await store.remove(record.key);
    });
  }
}
