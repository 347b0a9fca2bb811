// Sealing with AES-GCM, hashing, and the telephone's own signature: WebCrypto and nothing else.
const encoder = new TextEncoder();

export const bytesOf = (text) => encoder.encode(text);

export function fresh(length) {
  return crypto.getRandomValues(new Uint8Array(length));
}

export function hex(bytes) {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function base64(bytes) {
  let text = "";
  for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte);
  return btoa(text);
}

export function fromBase64(text) {
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
}

export async function sha256(bytes) {
  return hex(await crypto.subtle.digest("SHA-256", bytes));
}

// The one way in which a record is written down: keys in order, no spaces.
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value ?? null);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}

export function usable(raw) {
  return crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
}

export async function derived(words, salt, rounds) {
  const base = await crypto.subtle.importKey("raw", bytesOf(words), "PBKDF2", false, ["deriveKey"]);
  const way = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  return crypto.subtle.deriveKey(way, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

// What is sealed opens only under the same name.
export async function sealedWith(key, bytes, bound) {
  const iv = fresh(12);
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bytesOf(bound) }, key, bytes);
  return { iv, data: new Uint8Array(data) };
}

export async function opened(key, sealed, bound) {
  const way = { name: "AES-GCM", iv: sealed.iv, additionalData: bytesOf(bound) };
  return new Uint8Array(await crypto.subtle.decrypt(way, key, sealed.data));
}

// ── the telephone's own key: it signs what is frozen here, whoever carries it to the office ───────
const CURVE = { name: "ECDSA", namedCurve: "P-256" };

export async function newSigner() {
  const pair = await crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
  return { private: pair.privateKey, public: base64(await crypto.subtle.exportKey("raw", pair.publicKey)) };
}

export async function sign(signer, words) {
  return base64(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, signer.private, bytesOf(words)));
}
