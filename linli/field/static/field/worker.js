// The service worker of /field/: it keeps the pages and files of SHELL, and nothing else. What was
// noted lies in IndexedDB, which it never touches. Before this line the server writes SHELL.
const CACHE = `field-${self.SHELL.version}`;
const PATIENCE = 4_000; // milliseconds: on a thin line the kept page is there before the fresh one

self.addEventListener("install", (event) => event.waitUntil(keep().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(tidy().then(() => self.clients.claim())));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (event.request.mode === "navigate" && self.SHELL.pages.includes(url.pathname)) {
    event.respondWith(page(event.request, url));
  } else if (self.SHELL.assets.includes(url.pathname)) {
    event.respondWith(asset(event.request));
  }
});

async function keep() {
  const cache = await caches.open(CACHE);
  await Promise.all([...self.SHELL.assets.map((path) => whole(cache, path, path)), ...self.SHELL.pages.map((path) => whole(cache, `${path}?shell=1`, path))]);
}

// Only a page of ours is kept: a portal's answer would lock the telephone out of its own work.
async function whole(cache, from, path) {
  const answer = await fetch(from, { cache: "no-cache", credentials: "same-origin", redirect: "error" });
  const page = path !== from;
  if (!answer.ok || (page && !answer.headers.get("X-Linli-Field"))) throw new TypeError(`not kept: ${path}`);
  await cache.put(path, answer);
}

async function tidy() {
  for (const name of await caches.keys()) {
    if (name.startsWith("field-") && name !== CACHE) await caches.delete(name);
  }
}

async function page(request, url) {
  const kept = await (await caches.open(CACHE)).match(url.pathname);
  if (!kept) return fetch(request);
  const stop = new AbortController();
  const bell = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await fetch(request, { signal: stop.signal });
    // A redirect to the sign-in page is ours; a portal's page is not, and a fault shows what is kept.
    if (answer.type === "opaqueredirect" || answer.headers.get("X-Linli-Field")) return answer;
    return kept;
  } catch {
    return kept;
  } finally {
    clearTimeout(bell);
  }
}

async function asset(request) {
  return (await (await caches.open(CACHE)).match(request, { ignoreVary: true })) ?? fetch(request);
}
