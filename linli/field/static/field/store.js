// What is noted lies in IndexedDB: each step is one transaction, with the disk asked to be strict, and
// a promise is kept only in `oncomplete`. Nothing here is keyed by place or title, all by its name.
const NAME = "linli-field";
const VERSION = 1; // a new version adds stores and copies inside the upgrade; it never clears any
const STORES = { items: "id", photos: ["item", "sha256"], drafts: "id", keep: "name" };

export function open({ name = NAME, blocked = () => {} } = {}) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, VERSION);
    request.onupgradeneeded = () => {
      for (const [store, keyPath] of Object.entries(STORES)) {
        if (!request.result.objectStoreNames.contains(store)) request.result.createObjectStore(store, { keyPath });
      }
    };
    request.onblocked = blocked; // another tab holds the old version
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
  });
}

export class Store {
  // `seal` turns bytes into something only this person's key opens; `unseal` gives null while closed.
  constructor(db, person, seal, unseal) {
    Object.assign(this, { db, person, seal, unseal });
  }

  async all() {
    const rows = await this.read("items", (items) => items.getAll());
    return rows.filter((item) => item.person === this.person);
  }

  get(id) {
    return this.read("items", (items) => items.get(id));
  }

  put(item) {
    return this.write(["items"], (items) => items.put(item));
  }

  async freeze(item, bytes, photos) {
    const sealed = await this.seal(bytes, item.id);
    const rows = [];
    for (const one of photos) {
      rows.push({ item: item.id, sha256: one.sha256, size: one.bytes.length, sealed: await this.seal(one.bytes, one.sha256) });
    }
    await this.write(["items", "photos", "drafts"], (items, pictures, drafts) => {
      items.add({ ...item, sealed }); // add, not put: frozen bytes are never written over (O3)
      for (const row of rows) pictures.put(row);
      drafts.delete(item.id);
    });
  }

  // The state and what it lets go are one step: bytes with the receipt, a picture once it is there.
  async settle(item) {
    const kept = (await this.photos(item.id)).map((row) => row.sha256);
    const there = item.state === "wiped" || item.state === "stored";
    await this.write(["items", "photos"], (items, pictures) => {
      items.put(there ? { ...item, sealed: null } : item);
      if (!there) return;
      for (const sha of kept) if (!item.missing.includes(sha)) pictures.delete([item.id, sha]);
    });
  }

  async drop(id) {
    const kept = await this.photos(id);
    await this.write(["items", "photos"], (items, pictures) => {
      items.delete(id);
      for (const row of kept) pictures.delete([id, row.sha256]);
    });
  }

  bytes(item) {
    return this.unseal(item.sealed, item.id);
  }

  photos(id) {
    return this.read("photos", (photos) => photos.getAll(IDBKeyRange.bound([id], [id, []])));
  }

  // The bytes; null while closed; undefined if there is no such picture.
  async photo(id, sha) {
    const row = await this.read("photos", (photos) => photos.get([id, sha]));
    return row ? this.unseal(row.sealed, sha) : undefined;
  }

  // ── drafts: the name first, then every word as it is typed ────────────────────────────────────
  async drafts() {
    const rows = await this.read("drafts", (drafts) => drafts.getAll());
    return rows.filter((draft) => draft.person === this.person);
  }

  draft(id) {
    return this.read("drafts", (drafts) => drafts.get(id));
  }

  saveDraft(draft) {
    return this.write(["drafts"], (drafts) => drafts.put(draft));
  }

  dropDraft(id) {
    return this.write(["drafts"], (drafts) => drafts.delete(id));
  }

  // ── small things: the bundle, the keys, the telephone's name ──────────────────────────────────
  async kept(name) {
    return (await this.read("keep", (keep) => keep.get(`${this.person}:${name}`)))?.value;
  }

  keep(name, value) {
    return this.write(["keep"], (keep) => keep.put({ name: `${this.person}:${name}`, value }));
  }

  read(store, ask) {
    return new Promise((resolve, reject) => {
      const request = ask(this.db.transaction(store, "readonly").objectStore(store));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  write(stores, change) {
    return new Promise((resolve, reject) => {
      const step = this.db.transaction(stores, "readwrite", { durability: "strict" });
      step.oncomplete = () => resolve();
      step.onabort = () => reject(step.error ?? new DOMException("aborted", "AbortError"));
      change(...stores.map((name) => step.objectStore(name)));
    });
  }
}
