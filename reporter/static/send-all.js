/* Texts that wait on this device and that no page shows. */

import { Draft } from "./sync.js";
import { sendable, unsent, waits } from "./unsent.js";

/** Send everything of an account that no page is writing, such as what was written with no network yesterday. */
export async function sendAll({ account, store, send, later, newId, tell, alone, except }) {
  for (const record of await store.all()) {
    if (record.account !== account || record.key === except?.() || !sendable(record)) continue;
    await alone(record.key, async () => {
      // Only from whom it was seen with: a page that opens it meanwhile has put its own name there.
      const owner = newId();
      const claim = (there) => (there && there.owner === record.owner && sendable(there) ? { ...there, owner } : undefined);
      const { taken, value } = await store.change(record.key, claim);
      if (!taken) return;
      const draft = new Draft({ key: record.key, store, send, later, newId, tell: () => {}, owner });
      draft.carryOn(value);
      // What was typed while an older state of it was on its way follows at once.
      do await draft.push();
      while (!draft.failures && !draft.stopped && !draft.lost && sendable(draft.record));
      for (const cancel of Object.values(draft.timers)) cancel();
      if (draft.lost) return;
      tell({ record: draft.record, sent: !waits(draft.record), stopped: draft.stopped });
      if (record.leftover) await store.change(record.key, (there) => (there && !unsent(there) ? null : undefined));
    });
  }
}
