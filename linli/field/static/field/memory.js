// The rest of the queue's page: is the memory safe, how much room is left, the PIN, the rescue file.
import { close, hasPin, open, setPin } from "./pin.js";
import { room } from "./photos.js";
import { rescue } from "./rescue.js";
import { say, size } from "./words.js";

const element = (id) => document.getElementById(id);

export async function memory(phone) {
  const safe = (await navigator.storage?.persisted?.()) ?? false;
  const free = await room();
  element("memory").textContent = [say(safe ? "persisted" : "not_persisted"), Number.isFinite(free) ? say("room", { size: size(free) }) : ""].join(" ");
  await gate(phone);
  element("export").addEventListener("click", async () => {
    const made = await rescue(phone);
    element("export-said").textContent = made ? say("exported", made) : say("nothing_to_export");
  });
  element("pin-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const pin = element("pin-new").value;
    const good = /^\d{4,}$/.test(pin) && (await setPin(phone.store, pin, Date.now()));
    element("pin-said").textContent = say(good ? "pin_set" : "pin_short");
    if (good) element("pin-new").value = "";
    await gate(phone);
  });
  element("pin-close").addEventListener("click", async () => {
    await close(phone.store);
    location.reload();
  });
  element("pin-gate").querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const good = await open(phone.store, element("pin-in").value, Date.now());
    if (good) return location.reload();
    const said = element("pin-gate").querySelector("[role=status]");
    Object.assign(said, { hidden: false, textContent: say("pin_wrong") });
  });
}

async function gate(phone) {
  const pin = await hasPin(phone.store);
  const closed = pin && !(await phone.store.kept("key")).key;
  element("pin-gate").hidden = !closed;
  element("pin-close").hidden = !pin || closed;
}
