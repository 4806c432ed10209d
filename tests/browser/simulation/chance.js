/* Chance that can be repeated, and a clock that moves only when somebody waits for it. */

/** Numbers in [0, 1) that follow from the seed alone (a linear congruential row of 48 bits, mixed). */
export function chanceOf(seed) {
  let state = (BigInt(seed) * 0x9e3779b97f4an + 0x5deece66dn) & 0xffffffffffffn;
  const number = () => {
    state = (state * 0x5deece66dn + 0xbn) & 0xffffffffffffn;
    return Number(state >> 16n) / 2 ** 32;
  };
  return {
    number,
    between: (low, high) => low + Math.floor(number() * (high - low + 1)),
    happens: (share) => number() < share,
    oneOf: (list) => list[Math.floor(number() * list.length)],
  };
}

/** What is to happen when; one thing at a time, and everything that follows from it before the next. */
export class Clock {
  now = 0;
  waiting = [];
  count = 0;

  at(pause, what) {
    const entry = { at: this.now + Math.max(0, pause), order: this.count++, what };
    let place = this.waiting.length;
    while (place && this.waiting[place - 1].at > entry.at) place -= 1;
    this.waiting.splice(place, 0, entry);
    return () => { entry.what = null; };
  }

  async runUntil(end) {
    while (this.waiting.length && this.waiting[0].at <= end) {
      const { at, what } = this.waiting.shift();
      if (!what) continue;
      this.now = at;
      what();
      await settled();
    }
    this.now = Math.max(this.now, end);
  }
}

const channel = new MessageChannel();
const turns = [];
channel.port1.onmessage = () => turns.shift()();

/** After every promise that can go on has gone on. */
function settled() {
  return new Promise((resolve) => {
    turns.push(resolve);
    channel.port2.postMessage(0);
  });
}
