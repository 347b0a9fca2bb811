// Sending what waits. No browser in here: store, transport, clock, lock and the check of a receipt are
// handed in, so that tests drive the same code.
import { decide, stored } from "./law.js";

const PIECE = 65_536; // bytes of a picture in one request: seconds on the thinnest line
const TRIES = 4; // corrections of the offset in one go

export class Queue {
  constructor({ store, transport, now, random, lock, valid }) {
    Object.assign(this, { store, transport, now, random, lock, valid });
  }

  // One transaction holds the bytes, their hash and the pictures; "saved" is said after it (O2).
  async freeze(item, bytes, photos) {
    const frozen = { ...item, state: "frozen", attempts: 0, notBefore: 0, why: "waiting", frozenAt: this.now() };
    await this.store.freeze(frozen, bytes, photos);
    return frozen;
  }

  // One flusher at a time is a courtesy to the line; correctness does not depend on it (O9).
  flush(eager = false) {
    return this.lock("flush", () => this.#flush(eager));
  }

  async #flush(eager) {
    for (const item of await this.store.all()) {
      if (item.state === "sending") await this.store.put({ ...item, state: "frozen" }); // a kill left it
    }
    const due = (item) => eager || item.notBefore <= this.now();
    const line = (await this.store.all()).filter((item) => item.state === "frozen" && due(item));
    line.sort((a, b) => a.frozenAt - b.frozenAt);
    for (const item of line) {
      const found = await this.#send(item);
      // One bad item never blocks the next; but without a line there is nobody to ask (O11).
      if (["later", "portal"].includes(found.what) && !(await this.transport.hello())) return;
    }
    const waiting = (item) => item.state === "stored" && item.missing.length && due(item) && (eager || !item.why.startsWith("photo_"));
    for (const item of (await this.store.all()).filter(waiting)) {
      for (const sha of item.missing) if (!(await this.#photo(item.id, sha))) break;
    }
  }

  async #send(item) {
    const bytes = await this.store.bytes(item);
    if (bytes === null) {
      await this.store.put({ ...item, why: "closed" }); // the PIN is not given; others go on
      return { what: "closed" };
    }
    await this.store.put({ ...item, state: "sending", why: "sending" });
    const found = await this.#checked(item, await this.transport.item(item, bytes));
    await this.store.settle(decide(item, found, this.now(), this.random()));
    return found;
  }

  // A receipt that is not ours, or not about these bytes, is a portal's word (O10).
  async #checked(item, found) {
    if (!found.receipt) return found.what === "stored" ? { what: "portal" } : found;
    const fits = found.receipt.id === item.id && found.receipt.sha256 === item.sha256;
    if (fits && (await this.valid(found.receipt))) return found;
    return found.what === "stored" ? { what: "portal" } : { ...found, receipt: null };
  }

  // A picture goes on where it stopped; it goes from here when a receipt no longer misses it.
  async #photo(id, sha) {
    let item = await this.store.get(id);
    const data = await this.store.photo(id, sha);
    if (data === null) return false; // the PIN is not given
    if (data === undefined) return this.#note(item, { what: "help", code: "photo_lost" });
    let found = await this.transport.where(sha);
    for (let wrong = 0; wrong < TRIES; ) {
      if (found.what === "here" && found.receipts.length) return this.#arrived(item, sha, found.receipts);
      if (found.what !== "here") return this.#note(item, found);
      item = { ...item, why: "photos", sent: { ...item.sent, [sha]: found.offset / data.length } };
      await this.store.put(item);
      const next = await this.transport.piece(sha, found.offset, data.length, data.slice(found.offset, found.offset + PIECE));
      if (next.what === "here" && next.offset <= found.offset && !next.receipts.length) wrong += 1;
      found = next;
    }
    return this.#note(item, { what: "later" });
  }

  async #arrived(item, sha, receipts) {
    for (const receipt of receipts) {
      const found = await this.#checked(item, { what: "stored", receipt });
      if (found.what !== "stored" || receipt.missing_photos.includes(sha)) continue;
      await this.store.settle(stored(item, receipt, this.now()));
      return true;
    }
    return this.#note(item, { what: "portal" });
  }

  // The text is safe already: whatever becomes of a picture, the item stays "stored".
  async #note(item, found) {
    const next = decide(item, found, this.now(), this.random());
    const help = found.what === "help";
    await this.store.put({ ...next, state: "stored", why: help ? found.code : next.why });
    return help; // the next picture may still go
  }
}
