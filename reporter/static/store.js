/* What this browser keeps of texts: IndexedDB, or only this page's memory where the browser allows none.

   Each change reads and writes in one transaction, so that two pages never overwrite each other, and counts as kept only
   once the browser says that the transaction is complete. */

const NAME = "reporter";

export async function openStore() {
  try {
    const database = await asked(Object.assign(indexedDB.open(NAME, 1), { onupgradeneeded: ({ target }) => {
      target.result.createObjectStore("drafts", { keyPath: "key" });
      target.result.createObjectStore("device");
    } }));
    database.onversionchange = () => database.close();
    return new Kept(database);
  } catch {
    return new Remembered();
  }
}

class Kept {
  lasting = true;

  constructor(database) {
    this.database = database;
  }

  get(key) {
    return this.read("drafts", (drafts) => drafts.get(key));
  }

  all() {
    return this.read("drafts", (drafts) => drafts.getAll());
  }

  /** `how` answers the new record for the present one, or null for none any more; undefined leaves it as it is, and
      `taken` is false. */
  change(key, how) {
    return new Promise((resolve, reject) => {
      const transaction = this.database.transaction("drafts", "readwrite", { durability: "strict" });
      const drafts = transaction.objectStore("drafts");
      const outcome = { taken: false, value: undefined };
      drafts.get(key).onsuccess = ({ target }) => {
        outcome.value = how(target.result);
        outcome.taken = outcome.value !== undefined;
        if (outcome.value === null) drafts.delete(key);
        else if (outcome.taken) drafts.put(outcome.value);
      };
      transaction.oncomplete = () => resolve(outcome);
      transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error("aborted"));
    });
  }

  remove(key) {
    return this.write("drafts", (drafts) => drafts.delete(key));
  }

  /** What the device itself has to remember: which account wrote last, its own id. */
  remembered(name) {
    return this.read("device", (device) => device.get(name));
  }

  remember(name, value) {
    return this.write("device", (device) => device.put(value, name));
  }

  read(from, what) {
    return asked(what(this.database.transaction(from).objectStore(from)));
  }

  write(to, what) {
    return new Promise((resolve, reject) => {
      const transaction = this.database.transaction(to, "readwrite", { durability: "strict" });
      what(transaction.objectStore(to));
      transaction.oncomplete = () => resolve();
      transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error("aborted"));
    });
  }
}

class Remembered {
  lasting = false;
  drafts = new Map();
  device = new Map();

  async get(key) {
    return this.drafts.get(key);
  }

  async all() {
    return [...this.drafts.values()];
  }

  async change(key, how) {
    const value = how(this.drafts.get(key));
    if (value === null) this.drafts.delete(key);
    else if (value !== undefined) this.drafts.set(key, value);
    return { taken: value !== undefined, value };
  }

  async remove(key) {
    this.drafts.delete(key);
  }

  async remembered(name) {
    return this.device.get(name);
  }

  async remember(name, value) {
    this.device.set(name, value);
  }
}

function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}
