// What cannot be sent from here goes into a closed file: frozen bytes, their signatures and pictures.
// The office opens it with the code; what the phone sends later is only a repeat (O12).
import { base64, bytesOf, canonical, derived, fresh, sealedWith } from "./seal.js";

const ROUNDS = 600_000; // of PBKDF2 with SHA-256
const SIGNS = "23456789ACDEFHJKMNPRTUWXY"; // none looks like another
const LONG = 10; // signs of the code: more than 46 bits

export async function packed(phone) {
  const records = [];
  for (const item of await phone.store.all()) {
    if (!["frozen", "sending", "stored", "needs_help"].includes(item.state)) continue;
    const bytes = item.sealed ? await phone.store.bytes(item) : null;
    const pictures = [];
    for (const row of await phone.store.photos(item.id)) {
      const data = await phone.store.photo(item.id, row.sha256);
      if (data) pictures.push({ sha256: row.sha256, data: base64(data) });
    }
    if (!bytes && !pictures.length) continue;
    const { id, sha256, form, device, signature } = item;
    records.push({ id, sha256, form, device, signature, body: bytes ? base64(bytes) : "", pictures });
  }
  return records;
}

export function newCode() {
  return [...fresh(LONG)].map((byte) => SIGNS[byte % SIGNS.length]).join("");
}

export async function closed(records, code) {
  const salt = fresh(16);
  const key = await derived(code, salt, ROUNDS);
  const sealed = await sealedWith(key, bytesOf(canonical({ records })), "linli rescue 1");
  return JSON.stringify({ linli: "rescue 1", rounds: ROUNDS, salt: base64(salt), iv: base64(sealed.iv), data: base64(sealed.data) });
}

export async function rescue(phone) {
  const records = await packed(phone);
  if (!records.length) return null;
  const code = newCode();
  const file = new Blob([await closed(records, code)], { type: "application/json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `linli-${new Date().toISOString().slice(0, 10)}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return { n: records.length, code: `${code.slice(0, 5)} ${code.slice(5)}` };
}
