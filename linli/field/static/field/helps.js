// What a person can do about one record that waits: sign in, try again, correct, decide, let go.
import { address, corrected } from "./drafts.js";
import { again, discard, leaveOut } from "./repair.js";
import { drawn, say } from "./words.js";

const LET_GO = ["refused", "too_big", "deleted", "text_first"]; // nothing else may be let go

export function helps(phone, item) {
  const names = document.getElementById("tpl-names").dataset;
  const found = [];
  if (["signed_out", "locked", "other_person"].includes(item.why)) found.push(link(names.sign, names.signin));
  if (item.state === "stored" && item.why.startsWith("photo_")) {
    found.push(button(names.without, () => Promise.all(item.missing.map((sha) => leaveOut(phone.queue, item.id, sha)))));
  }
  if (item.state === "needs_help") {
    if (item.why === "conflict") found.push(link(names.decide, names.conflicts));
    else found.push(button(names.again, () => again(phone.queue, item.id).then(() => phone.flush(true))), button(names.edit, () => corrected(phone, item).then((draft) => draft && location.assign(address(names.form, draft)))));
    if (LET_GO.includes(item.why)) found.push(sure(names.drop, () => discard(phone.queue, item.id)));
  }
  function button(words, act) {
    const made = Object.assign(drawn("go"), { textContent: words });
    made.addEventListener("click", () => Promise.resolve(act()).then(() => phone.changed()));
    return made;
  }
  // Letting go takes two presses: nothing else ever deletes what the office does not have (I8).
  function sure(words, act) {
    const made = Object.assign(drawn("go"), { textContent: words });
    made.addEventListener("click", () => {
      made.classList.replace("quiet", "danger");
      made.textContent = say("sure");
      made.addEventListener("click", () => act().then(() => phone.changed()), { once: true });
    }, { once: true });
    return made;
  }
  return found;
}

export function link(words, href) {
  const made = document.createElement("a");
  return Object.assign(made, { className: "button quiet", href, textContent: words });
}
