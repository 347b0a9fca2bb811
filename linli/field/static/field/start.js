// What every page of the telephone stands on: its memory, its keys, the queue, and when it sends.
import { key } from "./pin.js";
import { Queue } from "./queue.js";
import { valid } from "./receipt.js";
import { ask } from "./repair.js";
import { bytesOf, newSigner, opened, sealedWith } from "./seal.js";
import { Transport } from "./send.js";
import { open, Store } from "./store.js";

const OFTEN = 60_000; // milliseconds between two tries, with a jitter on top
const channel = "BroadcastChannel" in self ? new BroadcastChannel("linli-field") : null;

export class Closed extends Error {}

export function able() {
  return isSecureContext && "indexedDB" in self && "serviceWorker" in navigator && Boolean(crypto.subtle);
}

export async function start(who, { blocked } = {}) {
  const db = await open({ blocked });
  const store = new Store(db, who.person);
  store.seal = async (bytes, bound) => {
    const own = await key(store, Date.now());
    if (!own) throw new Closed("closed");
    return sealedWith(own, bytes, bound);
  };
  store.unseal = async (sealed, bound) => {
    const own = sealed && (await key(store, Date.now()));
    return own ? opened(own, sealed, bound) : null;
  };
  const phone = new Phone(who, store);
  await phone.load();
  return phone;
}

class Phone {
  constructor(who, store) {
    Object.assign(this, { who, store, listeners: new Set(), stand: "" });
    this.transport = new Transport({ device: () => this.device?.id ?? "" });
    this.queue = new Queue({
      store, transport: this.transport, now: Date.now, random: Math.random,
      lock: (name, work) => this.#lock(name, work), valid: (receipt) => valid(receipt, this.keys),
    });
    channel?.addEventListener("message", () => this.changed(false));
  }

  async load() {
    this.device = await this.store.kept("device");
    this.bundle = await this.#bundle();
    this.keys = this.bundle?.keys ?? this.who.keys;
  }

  async #bundle() {
    const kept = await this.store.kept("bundle");
    const bytes = kept && (await this.store.unseal(kept.sealed, "bundle"));
    return bytes ? { ...JSON.parse(new TextDecoder().decode(bytes)), savedAt: kept.at, size: kept.size } : null;
  }

  // Whoever draws something hears when it is to be drawn again, in this tab and in others.
  listen(draw) {
    this.listeners.add(draw);
    return draw();
  }

  changed(spread = true) {
    if (spread) channel?.postMessage("changed");
    for (const draw of this.listeners) draw();
  }

  // Start, signal is back, page is shown, each minute: then what waits is tried (O8).
  triggers() {
    const go = () => this.flush();
    addEventListener("online", go);
    addEventListener("pageshow", go);
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && go());
    const later = () => setTimeout(() => go().finally(later), OFTEN * (0.75 + Math.random() / 2));
    later();
    return go();
  }

  // First the question who is there: nothing of one person goes out under another's name.
  async flush(eager = false) {
    if (this.flushing) return this.flushing;
    this.flushing = this.#flush(eager).finally(() => (this.flushing = null));
    return this.flushing;
  }

  async #flush(eager) {
    if (navigator.onLine === false && !eager) return;
    const there = await this.transport.hello();
    this.stand = !there ? "" : there.code === "hello" ? (there.person === this.who.person ? "here" : "other_person") : there.code;
    if (this.stand === "here") {
      await this.#enrol();
      if (!this.asked || eager) this.asked = await ask(this.queue);
      const steps = setInterval(() => this.changed(), 700); // progress is seen while it goes
      await this.queue.flush(eager).finally(() => clearInterval(steps));
    } else if (this.stand) {
      await this.#blame(this.stand);
    }
    this.changed();
  }

  async #blame(why) {
    for (const item of await this.store.all()) {
      if (item.state === "frozen" && item.why !== why) await this.store.put({ ...item, why });
    }
  }

  async #enrol() {
    if (this.device?.id) return;
    const signer = this.device?.signer ?? (await newSigner());
    const id = await this.transport.enrol(signer.public, navigator.userAgentData?.platform ?? navigator.platform ?? "");
    this.device = { signer, id };
    await this.store.keep("device", this.device);
  }

  // The day's work, if there is a newer one.
  async refresh() {
    const found = await this.transport.bundle(this.bundle?.etag);
    if (found?.text) {
      const bytes = bytesOf(found.text);
      const at = Date.now();
      await this.store.keep("bundle", { sealed: await this.store.seal(bytes, "bundle"), at, size: bytes.length });
      await this.load();
    } else if (found?.same) {
      const kept = await this.store.kept("bundle");
      await this.store.keep("bundle", { ...kept, at: Date.now() });
      this.bundle.savedAt = Date.now();
    }
    if (found) await this.store.keep("contact", { at: Date.now(), steady: performance.now() });
    return Boolean(found);
  }

  #lock(name, work) {
    if (!navigator.locks) return work();
    return navigator.locks.request(`field:${name}`, { ifAvailable: true }, (got) => (got ? work() : undefined));
  }
}
