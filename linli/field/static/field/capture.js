// From a filled-in form to frozen bytes: the name was made when the form was opened (O1), the device's
// time is evidence and nothing is counted from it (O14).
import { bytesOf, canonical, fresh, sha256, sign } from "./seal.js";

const SIGNS = "23456789ACDEFHJKMNPRTUWXY"; // none looks like another

export function newName() {
  const bytes = fresh(16);
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const text = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`;
}

// Four signs to find it again on this phone until the office gives a number (O16).
export function tagOf(id) {
  let number = parseInt(id.replaceAll("-", "").slice(0, 10), 16);
  let tag = "";
  for (let n = 0; n < 4; n += 1, number = Math.floor(number / SIGNS.length)) tag += SIGNS[number % SIGNS.length];
  return tag;
}

export async function note(phone, draft, form, photos) {
  const contact = await phone.store.kept("contact");
  return {
    kind: draft.form, form: form.version, task: draft.task ?? "", stop: draft.stop ?? null, place: draft.values.place || draft.place || "",
    outcome: draft.outcome ?? "", values: without(draft.values, "place"), photos: photos.map((one) => one.sha256),
    acting: form.acting || phone.bundle?.acting || phone.who.acting, language: phone.who.language, replaces: draft.replaces ?? null,
    captured: {
      at: new Date().toISOString(), zone: Intl.DateTimeFormat().resolvedOptions().timeZone ?? "",
      contact: contact ? new Date(contact.at).toISOString() : null, steady: Math.round(performance.now()),
    },
  };
}

function without(values, name) {
  const { [name]: _gone, ...rest } = values;
  return rest;
}

// Freeze: bytes, hash and pictures in one transaction; what is returned has been kept.
export async function freeze(phone, draft, form, photos) {
  const bytes = bytesOf(canonical(await note(phone, draft, form, photos)));
  const hash = await sha256(bytes);
  const device = phone.device?.id ?? "";
  const words = `${draft.id}\n${hash}\n${form.version}\n${device}`;
  const item = {
    id: draft.id, person: phone.who.person, kind: draft.form, form: form.version, name: form.name, tag: tagOf(draft.id),
    sha256: hash, size: bytes.length, photos: photos.map((one) => one.sha256), missing: [], sent: {},
    device, signature: device ? await sign(phone.device.signer, words) : "",
    task: draft.task ?? "", stop: draft.stop ?? null, replaces: draft.replaces ?? null, outcome: draft.outcome ?? "",
  };
  return phone.queue.freeze(item, bytes, photos);
}
