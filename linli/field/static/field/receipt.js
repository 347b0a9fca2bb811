// Is this receipt from our office? Ed25519 by the browser, or counted by hand on older telephones.
import { bytesOf, canonical } from "./seal.js";

const SIGNED = ["id", "missing_photos", "number", "server_time", "sha256"];

export async function valid(receipt, keys) {
  try {
    const words = bytesOf(canonical(Object.fromEntries(SIGNED.map((name) => [name, receipt[name]]))));
    if (SIGNED.some((name) => receipt[name] === undefined)) return false;
    for (const key of keys) if (await verify(unhex(key), words, unhex(receipt.sig))) return true;
  } catch {
    // What cannot be read is not signed.
  }
  return false;
}

async function verify(key, words, signature) {
  try {
    const known = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, known, signature, words);
  } catch {
    return byHand(key, words, signature);
  }
}

function unhex(text) {
  return Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
}

// ── RFC 8032 with big numbers: some tens of milliseconds, and only public values pass through ─────
const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const mod = (a, m = P) => ((a % m) + m) % m;

function power(base, exponent) {
  let result = 1n;
  for (let b = mod(base), e = exponent; e > 0n; e >>= 1n, b = mod(b * b)) if (e & 1n) result = mod(result * b);
  return result;
}

const inverse = (a) => power(a, P - 2n);
const D = mod(-121665n * inverse(121666n));
const ROOT = power(2n, (P - 1n) / 4n);

function little(bytes) {
  return bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function point(bytes) {
  const sign = BigInt(bytes[31] >> 7);
  const y = little(bytes) & ((1n << 255n) - 1n);
  if (y >= P) throw new RangeError("no point");
  const u = mod(y * y - 1n);
  const v = mod(D * y * y + 1n);
  let x = mod(u * v ** 3n * power(u * v ** 7n, (P - 5n) / 8n));
  if (mod(v * x * x) === mod(-u)) x = mod(x * ROOT);
  if (mod(v * x * x) !== u || (x === 0n && sign)) throw new RangeError("no point");
  if ((x & 1n) !== sign) x = P - x;
  return [x, y, 1n, mod(x * y)];
}

function add([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = mod((y1 - x1) * (y2 - x2));
  const b = mod((y1 + x1) * (y2 + x2));
  const c = mod(2n * t1 * t2 * D);
  const d = mod(2n * z1 * z2);
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

function times(scalar, start) {
  let sum = [0n, 1n, 1n, 0n];
  for (let n = scalar, p = start; n > 0n; n >>= 1n, p = add(p, p)) if (n & 1n) sum = add(sum, p);
  return sum;
}

const same = ([x1, y1, z1], [x2, y2, z2]) => mod(x1 * z2 - x2 * z1) === 0n && mod(y1 * z2 - y2 * z1) === 0n;

function base() {
  const y = mod(4n * inverse(5n));
  const bytes = new Uint8Array(32);
  for (let n = 0, rest = y; n < 32; n += 1, rest >>= 8n) bytes[n] = Number(rest & 255n);
  return point(bytes);
}

export async function byHand(key, words, signature) {
  if (signature.length !== 64 || key.length !== 32) return false;
  const s = little(signature.slice(32));
  if (s >= L) return false;
  const all = new Uint8Array(64 + words.length);
  all.set(signature.slice(0, 32));
  all.set(key, 32);
  all.set(words, 64);
  const k = mod(little(new Uint8Array(await crypto.subtle.digest("SHA-512", all))), L);
  return same(times(s, base()), add(point(signature.slice(0, 32)), times(k, point(key))));
}
