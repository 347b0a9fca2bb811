// Starts whatever page this is. Where a browser cannot keep anything, the server's page stays as it is.
import { able, start } from "./start.js";
import { pageName, say, tell, who } from "./words.js";

const PAGES = {
  today: () => import("./today.js"),
  form: () => import("./form.js"),
  queue: () => import("./waiting.js"),
  service: () => import("./service.js"),
};
const OLD = 5 * 86_400_000; // milliseconds after which waiting becomes a worry (O7)

async function run() {
  if (!able()) return tell("no_offline", "info");
  const worker = navigator.serviceWorker.register("/field/sw.js", { scope: "/field/" });
  worker.then((registration) => registration.update()).catch(() => {}); // offline, or a portal
  const phone = await start(who, { blocked: () => tell("blocked", "late") });
  self.linliField = phone; // for tests, and for whoever helps somebody at their telephone
  await phone.listen(() => bar(phone));
  const page = await PAGES[pageName]();
  await page.show(phone);
  await phone.triggers();
  if (pageName !== "today" && !phone.bundle && (await phone.refresh())) phone.changed();
  if (phone.stand === "other_person") tell("other_person", "late");
  if (phone.stand === "signed_out") tell("signed_out_note", "warn");
}

// The line at the foot of every page: how much waits, what needs help, and the badge on the icon.
async function bar(phone) {
  const items = await phone.store.all();
  const count = (...states) => items.filter((item) => states.includes(item.state)).length;
  const [waiting, sending, help] = [count("frozen", "stored"), count("sending"), count("needs_help")];
  const foot = document.querySelector(".field-bar");
  const words = foot.querySelector("[role=status]");
  const text = waiting + sending + help ? say("bar", { waiting, sending, help }) : say("bar_empty");
  if (words.textContent !== text) words.textContent = text;
  words.classList.toggle("late", help > 0);
  foot.hidden = false;
  navigator.setAppBadge?.(waiting + sending + help).catch(() => {});
  const unsent = items.filter((item) => item.state !== "wiped").map((item) => item.frozenAt);
  const age = Date.now() - Math.min(...unsent);
  if (unsent.length && age > OLD) tell("old_unsent", "late", { days: Math.floor(age / 86_400_000) });
}

run();
