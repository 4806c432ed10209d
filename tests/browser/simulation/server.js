/* The server, as far as the page's module can tell: what arrives is kept, brought together, set aside or held.

   A text is three paragraphs, each a list of words that nobody else ever types, so that a lost word can be named. */

export const words = (fields) => fields.map(([, value]) => value.split(" ").filter(Boolean));
export const fieldsOf = (paragraphs) => paragraphs.map((list, place) => [`paragraph-${place}`, list.join(" ")]);
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const EMPTY = [[], [], []];

/** Everything that is kept of one place: a session's report. */
export class Place {
  saves = [];
  held = [];
  revisions = [];
  notes = new Map(); // by account
  closed = false;

  get head() {
    return this.saves.findLast((save) => !save.aside);
  }

  merging(sequence) {
    return this.saves.find((save) => save.mergedFrom === sequence);
  }

  common(sequence) {
    let at = sequence;
    while (at > 0) {
      const found = this.saves[at - 1];
      if (!found.aside || this.merging(at)) return found.text;
      at = found.basedOn < at ? found.basedOn : 0;
    }
    return EMPTY;
  }

  add(save) {
    const made = { aside: false, mergedFrom: null, basedOn: 0, id: null, account: null, ...save, sequence: this.saves.length + 1 };
    this.saves.push(made);
    return made;
  }

  /** Another person's change, made elsewhere and received at once. */
  changedElsewhere(paragraph, word, account) {
    const text = structuredClone(this.head?.text ?? EMPTY);
    text[paragraph].push(word);
    this.add({ text, account, basedOn: this.head?.sequence ?? 0 });
  }

  /** One text that arrives; the answer is what the page would read. */
  receive({ id, account, device, text, basedOn, replaces, act, notes, notesVersion }) {
    const there = this.held.find((one) => one.id === id);
    if (there) {
      if (notes !== null && !there.replaced) there.notes = notes.split(" ").filter(Boolean);
      return heldAnswer(there);
    }
    const before = this.saves.find((save) => save.id === id);
    const head = this.head;
    if (!before && (this.closed || (basedOn === 0 && head && !same(head.text, text)))) return this.hold({ id, account, text, act, replaces, notes });
    let [kept, joined, clash] = [before, null, false];
    if (before) {
      joined = this.merging(before.sequence);
      clash = before.aside && !joined && this.meet(before).clash;
    } else if (head && head.sequence === basedOn && !act && same(head.text, text)) {
      kept = head;
    } else if (!head || basedOn === head.sequence || same(head.text, text)) {
      kept = this.add({ id, account, device, text, basedOn });
    } else {
      kept = this.add({ id, account, device, text, basedOn, aside: true });
      const merged = this.meet(kept, head);
      clash = merged.clash;
      if (!clash) joined = this.add({ text: merged.text, account, device, basedOn: head.sequence, mergedFrom: kept.sequence });
    }
    const answer = {
      state: clash ? "clash" : "received", report: 1, sequence: kept.sequence, head: this.head.sequence, received: "14:32", others: [],
      together: clash ? kept.sequence : undefined,
    };
    if (!clash && !same(this.head.text, text)) answer.fields = fieldsOf(this.head.text);
    if (notes !== null) Object.assign(answer, this.noted(account, notes, notesVersion));
    if (act && !clash) {
      const filed = (joined ?? kept).text;
      // The very words that wait are not handed in twice.
      if (!this.revisions.some((one) => one.id === id) && !same(this.revisions.at(-1)?.text, filed)) this.revisions.push({ id, pressed: text, text: filed });
      Object.assign(answer, { state: "filed", sentence: "Handed in.", see: "/" });
    }
    return answer;
  }

  hold({ id, account, text, act, replaces, notes }) {
    const older = this.held.find((one) => one.id === replaces && one.account === account && !one.replaced);
    if (older) older.replaced = true;
    const noted = notes === null ? (older?.notes ?? []) : notes.split(" ").filter(Boolean);
    this.held.push({ id, account, text, act, notes: noted, replaced: false });
    return heldAnswer(this.held.at(-1));
  }

  meet(save, head = this.head) {
    const base = this.common(save.basedOn);
    let clash = false;
    const text = save.text.map((mine, place) => {
      const [was, theirs] = [base[place], head.text[place]];
      if (same(theirs, was) || same(theirs, mine)) return mine;
      if (same(mine, was)) return theirs;
      clash = true;
      return [...mine.filter((word) => !was.includes(word) || theirs.includes(word)), ...theirs.filter((word) => !was.includes(word) && !mine.includes(word))];
    });
    return { text, clash };
  }

  /** Somebody chose *both* at every place. */
  resolve(sequence) {
    const save = this.saves[sequence - 1];
    if (save.aside && !this.merging(sequence)) {
      const head = this.head;
      this.add({ text: this.meet(save, head).text, account: save.account, basedOn: head.sequence, mergedFrom: sequence });
    }
    return { state: "together", sentence: "Together.", report: 1, head: this.head.sequence, fields: fieldsOf(this.head.text) };
  }

  noted(account, text, version) {
    const list = text.split(" ").filter(Boolean);
    const row = this.notes.get(account);
    if (!row) this.notes.set(account, { list, version: 1 });
    else if (!same(row.list, list)) {
      row.list = version === row.version ? list : [...list, ...row.list.filter((word) => !list.includes(word))];
      row.version += 1;
    }
    const now = this.notes.get(account);
    return { notes_version: now.version, ...(same(now.list, list) ? {} : { notes: now.list.join(" ") }) };
  }

  /** The form's page as it would be delivered now. */
  page(account) {
    const row = this.notes.get(account);
    return {
      report: this.head ? 1 : null, base: this.head?.sequence ?? 0, fields: fieldsOf(this.head?.text ?? EMPTY),
      notes: row?.list.join(" ") ?? "", notesVersion: row?.version ?? 0,
    };
  }

  look(after) {
    const newer = this.head && this.head.sequence > after;
    return newer ? { state: "newer", report: 1, head: this.head.sequence, fields: fieldsOf(this.head.text), others: [] } : { state: "same", others: [] };
  }

  /** Every word that ever arrived, whatever became of it. */
  arrived() {
    return new Set([...this.saves, ...this.held].flatMap((one) => one.text.flat()));
  }

  /** Every word that somebody can still see without searching: in the working text, beside it, or held. */
  inSight() {
    const aside = this.saves.filter((save) => save.aside && !this.merging(save.sequence));
    const held = this.held.filter((one) => !one.replaced);
    return new Set([...(this.head ? [this.head] : []), ...aside, ...held].flatMap((one) => one.text.flat()));
  }
}

function heldAnswer(held) {
  return { state: "held", held: held.id, received: "14:32", sentence: "Held.", see: "/" };
}
