/* A device: what its browser keeps, whose sign-in it has, its line to the server; and its pages, which die at any moment. */

import { Away } from "/static/sync.js";
import { words } from "/simulation/server.js";

const PATIENCE = 20000; // ms, as sending.js has

export class Device {
  constructor(world, name) {
    Object.assign(this, { world, name, disk: new Map(), pages: new Set(), locks: new Map() });
    this.account = world.accounts[0]; // who is signed in; null for nobody
    this.line = "up"; // up, down, flaky, hotel, broken
    this.keeps = "well"; // well, slow, full
    this.workedSince = 0; // from when on the browser keeps what it is given at once
    this.turn = 0; // when the store is done with what it was given
    this.kept = new Map(); // pages for when there is no network
  }

  setLine(line) {
    this.line = line;
    if (line === "up") for (const page of this.pages) page.online();
  }

  setKeeps(how) {
    this.keeps = how;
    this.workedSince = how === "well" ? Math.max(this.world.clock.now, this.turn) : Infinity;
  }

  /** The browser is gone, and with it all that was on its way to the disk. */
  kill() {
    for (const page of [...this.pages]) page.die();
  }

  /** The store as one page sees it: changes one after the other, complete or not at all, told a little later. */
  storeOf(page) {
    const { chance, clock } = this.world;
    const request = (what) => new Promise((resolve, reject) => {
      const full = this.keeps === "full" && chance.happens(0.7);
      const pause = this.keeps === "slow" ? chance.between(0, 3000) : chance.between(0, 12);
      this.turn = Math.max(this.turn, clock.now) + pause;
      clock.at(this.turn - clock.now, () => {
        if (page.dead) return;
        let outcome;
        try {
          outcome = full ? null : what();
        } catch (error) {
          return reject(error);
        }
        clock.at(chance.between(0, 20), () => {
          if (page.dead) return;
          if (full) reject(new Error("the device is full"));
          else resolve(outcome);
        });
      });
    });
    const read = (key) => structuredClone(this.disk.get(key));
    return {
      lasting: true,
      get: (key) => request(() => read(key)),
      all: () => request(() => [...this.disk.keys()].sort().map(read)),
      change: (key, how) => request(() => {
        const value = how(read(key));
        if (value === null) this.disk.delete(key);
        else if (value !== undefined) this.disk.set(key, structuredClone(value));
        return { taken: value !== undefined, value };
      }),
    };
  }

  /** Sends as one page does; what was sent may arrive late, twice, or after the page has died, and answers get lost. */
  ask(page, message) {
    const { world } = this;
    const { chance, clock } = world;
    const copy = structuredClone(message);
    return new Promise((resolve, reject) => {
      const answer = (pause, how) => clock.at(pause, () => { if (!page.dead) how(); });
      const away = (pause) => answer(pause, () => reject(new Away()));
      if (this.line === "down") return away(chance.oneOf([1, 30, PATIENCE]));
      if (this.line === "hotel") return away(chance.between(5, 80));
      if (this.line === "broken" && chance.happens(0.7)) return answer(30, () => resolve({ state: "again", sentence: "Later." }));
      const flaky = this.line === "flaky";
      if (flaky && chance.happens(0.3)) return away(chance.oneOf([20, PATIENCE]));
      const arrives = flaky && chance.happens(0.3) ? chance.between(500, 40000) : chance.between(5, 150);
      const cookie = this.account;
      if (flaky && chance.happens(0.2)) clock.at(arrives + chance.between(0, 60000), () => world.arrives(copy, cookie));
      clock.at(arrives, () => {
        const said = structuredClone(world.arrives(copy, cookie));
        const back = arrives + (flaky ? chance.between(5, 8000) : chance.between(5, 150));
        if (back < PATIENCE && !(flaky && chance.happens(0.3))) answer(back - arrives, () => resolve(said));
      });
      return away(PATIENCE);
    });
  }

  jobOf(page) {
    return (job, record) => {
      this.world.figures.sent += 1;
      return this.ask(page, {
        kind: "save", id: job.id, account: record.account, place: record.place,
        device: this.name, text: words(job.fields), basedOn: job.base, replaces: job.replaces, report: job.report, act: job.act,
        notes: job.notes, notesVersion: job.notesVersion,
      });
    };
  }

  /** As navigator.locks with `ifAvailable`. */
  alone(page) {
    return async (key, what) => {
      if (this.locks.get(key)?.page.dead === false) return;
      const held = { page, lost: () => {} };
      this.locks.set(key, held);
      try {
        await what();
      } finally {
        if (this.locks.get(key) === held) this.locks.delete(key);
      }
    };
  }

  /** As navigator.locks with `steal`. */
  steal(page, key, lost) {
    const before = this.locks.get(key);
    this.locks.set(key, { page, lost });
    if (before && before.page !== page && !before.page.dead) this.world.clock.at(this.world.chance.between(0, 30), () => { if (!before.page.dead) before.lost(); });
    return () => { if (this.locks.get(key)?.page === page) this.locks.delete(key); };
  }
}
