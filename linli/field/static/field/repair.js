// What a telephone asks at every start, and the only ways in which a person lets something go.
import { stored } from "./law.js";

const ASKED = 500; // names in one call
const STUBS = 30 * 86_400_000; // milliseconds that a stub is kept

// The server says what it knows of each name: an answer that was lost is found, a false "sent" too.
export async function ask(queue) {
  const { store, transport, now, valid } = queue;
  const all = (await store.all()).filter((item) => item.state !== "draft");
  const unsent = all.filter((item) => item.state !== "wiped");
  const oldest = Math.min(...unsent.map((item) => item.frozenAt));
  for (let from = 0; from === 0 || from < all.length; from += ASKED) {
    const part = all.slice(from, from + ASKED);
    const known = await transport.status(part.map((item) => item.id), unsent.length, unsent.length ? oldest : null);
    if (!known) return false;
    for (const item of part) {
      const next = await repaired(item, known[item.id], now(), valid);
      // Another flusher may have been quicker: only what is still as it was is changed.
      if (next && (await store.get(item.id))?.state === item.state) await store.settle(next);
    }
  }
  for (const item of all) {
    if (item.state === "wiped" && item.storedAt < now() - STUBS) await store.drop(item.id);
  }
  return true;
}

async function repaired(item, said, now, valid) {
  if (!said) return null;
  const ours = async (receipt) => receipt?.id === item.id && receipt.sha256 === item.sha256 && (await valid(receipt));
  if (await ours(said.receipt)) {
    if (item.state === "wiped") return null;
    const next = stored(item, said.receipt, now);
    return item.state === "stored" && next.missing.length ? { ...next, why: item.why, attempts: item.attempts, notBefore: item.notBefore } : next;
  }
  for (const one of said.beside ?? []) {
    if (one.decided && (await ours(one.receipt))) return stored(item, one.receipt, now);
  }
  if (item.state === "wiped" || item.state === "stored") {
    if (said.state === "unknown") return { ...item, why: "server_forgot" };
  }
  if (said.state === "deleted" && item.state !== "wiped") {
    return { ...item, state: "needs_help", why: "deleted" };
  }
  return null;
}

// A person has read why it cannot be sent and says that it may go. Nothing else deletes (I8).
export async function discard(queue, id) {
  const item = await queue.store.get(id);
  if (item?.state !== "needs_help") return false;
  await queue.store.drop(id);
  return true;
}

// A person goes without a picture that is lost or that the office refuses.
export async function leaveOut(queue, id, sha) {
  const item = await queue.store.get(id);
  if (item?.state !== "stored" || !item.missing.includes(sha)) return false;
  const known = await queue.transport.status([id], 0, null, { [id]: [sha] });
  const receipt = known?.[id]?.receipt;
  if (!receipt || receipt.missing_photos.includes(sha) || !(await queue.valid(receipt))) return false;
  await queue.store.settle(stored(item, receipt, queue.now()));
  return true;
}

// Try once more now, whatever the pause said.
export async function again(queue, id) {
  const item = await queue.store.get(id);
  if (item?.state === "needs_help") await queue.store.put({ ...item, state: "frozen", why: "waiting", notBefore: 0, attempts: 0 });
}
