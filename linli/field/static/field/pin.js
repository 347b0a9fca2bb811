// A PIN closes what lies on a shared telephone: the key is wrapped by it, and every row sealed anew.
// While open, the key lies in IndexedDB for some minutes, where scripts of this site can use but not
// read it. It protects against the next user of the telephone, not against somebody who takes its
// memory apart while it is open; and without a PIN the key lies there all the time.
import { derived, fresh, opened, sealedWith, usable } from "./seal.js";

const OPEN_FOR = 15 * 60_000; // milliseconds since the last use
const ROUNDS = 600_000; // of PBKDF2 with SHA-256

// The person's key: made at the first use; null while a PIN keeps it closed.
export async function key(store, now) {
  const kept = await store.kept("key");
  if (!kept) {
    const raw = fresh(32);
    const made = { key: await usable(raw) };
    await store.keep("key", made);
    return made.key;
  }
  if (!kept.wrapped) return kept.key;
  if (!kept.key || kept.until < now) {
    if (kept.key) await store.keep("key", { ...kept, key: null });
    return null;
  }
  if (kept.until - now < OPEN_FOR - 60_000) await store.keep("key", { ...kept, until: now + OPEN_FOR });
  return kept.key;
}

export async function hasPin(store) {
  return Boolean((await store.kept("key"))?.wrapped);
}

// Close with a PIN: all that is here is sealed under a new key that only the PIN unwraps.
export async function setPin(store, pin, now) {
  const old = await key(store, now);
  if (!old) return false;
  const raw = fresh(32);
  const salt = fresh(16);
  const next = await usable(raw);
  const wrapped = await sealedWith(await derived(pin, salt, ROUNDS), raw, "key");
  const change = async (row, bound) => (row ? sealedWith(next, await opened(old, row, bound), bound) : row);
  await resealed(store, change, { key: { wrapped, salt, key: next, until: now + OPEN_FOR } });
  return true;
}

// Open for a while; false if it was another PIN.
export async function open(store, pin, now) {
  const kept = await store.kept("key");
  try {
    const raw = await opened(await derived(pin, kept.salt, ROUNDS), kept.wrapped, "key");
    await store.keep("key", { ...kept, key: await usable(raw), until: now + OPEN_FOR });
    return true;
  } catch {
    return false;
  }
}

export async function close(store) {
  await store.keep("key", { ...(await store.kept("key")), key: null });
}

// All sealed rows of the person under another key, in one step.
async function resealed(store, change, more) {
  const items = await store.all();
  const pictures = [];
  for (const item of items) pictures.push(...(await store.photos(item.id)));
  const drafts = await store.drafts();
  const bundle = await store.kept("bundle");
  for (const row of [...items, ...drafts]) row.sealed = await change(row.sealed, row.id);
  for (const row of pictures) row.sealed = await change(row.sealed, row.sha256);
  const pairs = { ...more };
  if (bundle) pairs.bundle = { ...bundle, sealed: await change(bundle.sealed, "bundle") };
  await store.write(["items", "photos", "drafts", "keep"], (all, photos, notes, keep) => {
    items.forEach((row) => all.put(row));
    pictures.forEach((row) => photos.put(row));
    drafts.forEach((row) => notes.put(row));
    for (const [name, value] of Object.entries(pairs)) keep.put({ name: `${store.person}:${name}`, value });
  });
}
