/* The desk's service worker: when there is no network, it answers with the pages that this device keeps.

   The network comes first, so that nobody works on an old page by mistake; what is kept belongs to one account. */

const PATIENCE = 4000; // ms
const STATIC = "desk-static";
const KEPT = [/^\/desk\/$/, /^\/desk\/offline$/, /^\/desk\/sessions\/\d+\/report$/, /^\/desk\/reports\/\d+\/write$/];

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (pathname.startsWith("/static/")) event.respondWith(made(request));
  else if (request.mode === "navigate" && pathname.startsWith("/desk/")) event.respondWith(page(request, pathname));
});

async function made(request) {
  try {
    const answer = await network(request);
    if (answer.ok) await keep(STATIC, request.url, answer.clone());
    return answer;
  } catch {
    return (await caches.match(request.url, { cacheName: STATIC, ignoreSearch: true })) ?? Response.error();
  }
}

async function page(request, pathname) {
  try {
    const answer = await network(request);
    const account = answer.headers.get("Reporter-Account");
    if (answer.ok && !answer.redirected && account && KEPT.some((one) => one.test(pathname))) {
      await keep(`desk-${account}`, pathname, answer.clone());
    }
    return answer;
  } catch {
    const cacheName = `desk-${await lastAccount()}`;
    return (await caches.match(pathname, { cacheName })) ?? (await caches.match("/desk/offline", { cacheName })) ?? Response.error();
  }
}

/** A device that is full keeps no page more, and shows what the network answered all the same. */
async function keep(name, address, answer) {
  try {
    await (await caches.open(name)).put(address, answer);
  } catch {
    // The page itself says so, where it keeps texts.
  }
}

function network(request) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE);
  return fetch(request, { signal: patience.signal }).finally(() => clearTimeout(timer));
}

/** Whose pages these are: the account that the desk's pages remembered last. */
function lastAccount() {
  return new Promise((resolve) => {
    const opened = indexedDB.open("reporter", 1);
    opened.onupgradeneeded = ({ target }) => target.transaction.abort(); // nothing was ever remembered
    opened.onerror = () => resolve("nobody");
    opened.onsuccess = () => {
      const database = opened.result;
      const asked = database.transaction("device").objectStore("device").get("account");
      asked.onsuccess = () => { database.close(); resolve(asked.result ?? "nobody"); };
      asked.onerror = () => { database.close(); resolve("nobody"); };
    };
  });
}
