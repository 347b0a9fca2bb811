// The day's list, as it is saved here: the same with and without a connection.
import { day, drawn, isoDay, say, size, time } from "./words.js";

export async function show(phone) {
  await phone.listen(() => draw(phone));
  if (navigator.onLine !== false && (await phone.refresh())) await draw(phone);
  navigator.storage?.persist?.(); // asked once the person uses it (O7)
  await ready(phone);
}

// The list first: once the dot is green, the work can be seen.
async function draw(phone) {
  if (phone.bundle) await list(phone);
  await ready(phone);
}

async function list(phone) {
  const items = await phone.store.all();
  const drafts = await phone.store.drafts();
  const place = document.getElementById("tasks");
  const tasks = phone.bundle.tasks.map((task) => taskOf(phone, task, items, drafts));
  const none = document.createElement("p");
  none.className = "muted";
  none.textContent = say("nothing");
  place.replaceChildren(...(tasks.length ? tasks : [none]));
  const free = phone.bundle.forms.filter((form) => form.id.startsWith("case:") || form.id.startsWith("page:"));
  document.getElementById("forms").replaceChildren(...free.map((form) => {
    const row = drawn("form");
    Object.assign(row.firstElementChild, { href: address({ form: form.id }), textContent: form.name });
    return row;
  }));
}

function taskOf(phone, task, items, drafts) {
  const box = drawn("task");
  const form = phone.bundle.forms.find((one) => one.id === task.form);
  box.querySelector(".when").textContent = `${time(task.starts)} – ${time(task.ends)}`;
  box.querySelector("h2").textContent = task.name;
  box.querySelector(".place").textContent = [task.place, task.spot, task.role].filter(Boolean).join(" · ");
  const stops = task.stops.map((stop) => ({ stop, known: standing(task, stop, items, drafts) }));
  const left = stops.filter(({ known }) => !["noted", "noted_waits"].includes(known)).length;
  const words = task.state === "cancelled" ? say("cancelled") : stops.length ? (left ? say("stops_left", { n: left, all: stops.length }) : say("all_done")) : "";
  box.querySelector(".left").textContent = words;
  box.querySelector(".stops").replaceChildren(...stops.map(({ stop, known }) => stopOf(task, stop, known, form)));
  if (!stops.length) box.querySelector(".stops").remove();
  box.querySelector(".actions").replaceChildren(...actions(phone, task, stops.length === 0 && form));
  return box;
}

// What is known of a stop: by the office, or by what waits on this phone.
function standing(task, stop, items, drafts) {
  const about = (row) => row.task === task.uid && row.stop === stop.id && (row.kind ?? row.form)?.startsWith("activity:");
  const own = items.find(about);
  if (own) return own.state === "wiped" || own.state === "stored" ? "noted" : "noted_waits";
  if (stop.noted) return "noted";
  return drafts.some((draft) => draft.touched && about(draft)) ? "begun" : "";
}

function stopOf(task, stop, known, form) {
  const row = drawn("stop");
  const link = row.querySelector("a");
  link.textContent = stop.label;
  if (form && task.offline) link.href = address({ form: form.id, task: task.uid, stop: stop.id });
  const said = [stop.at, stop.way, stop.home ? (stop.last ? say("last_visit", { day: day(stop.last) }) : say("first_visit")) : ""];
  if (stop.promise) said.push(say("promise", { day: day(stop.promise) }));
  row.querySelector("small").textContent = said.filter(Boolean).join(" · ");
  const badge = row.querySelector(".badge");
  badge.hidden = !known;
  badge.textContent = known ? say(known) : "";
  badge.classList.toggle("ok", known === "noted");
  badge.classList.toggle("warn", known === "noted_waits" || known === "begun");
  return row;
}

function actions(phone, task, form) {
  const wanted = [];
  if (form && task.offline) wanted.push(form);
  const here = { going: "check-in", checked_in: "check-out" }[task.going];
  const stay = here && phone.bundle.forms.find((one) => one.id === here);
  if (stay) wanted.push(stay);
  return wanted.map((one) => {
    const button = drawn("action");
    Object.assign(button, { href: address({ form: one.id, task: task.uid }), textContent: one.name });
    return button;
  });
}

export function address(said) {
  return `/field/form/?${new URLSearchParams(said)}`;
}

// The dot: green once pages and today's work are here, so that one can leave.
async function ready(phone) {
  const box = document.getElementById("ready");
  const worker = await navigator.serviceWorker.getRegistration("/field/");
  const bundle = phone.bundle;
  const today = isoDay(new Date());
  const why = !bundle ? "not_ready_none" : bundle.day !== today ? "not_ready_old" : !worker?.active ? "not_ready_saving" : "ready";
  box.hidden = false;
  box.classList.toggle("yes", why === "ready");
  const [line, small] = [box.querySelector("p"), box.querySelector("small")];
  const words = say(why, { day: bundle ? day(bundle.day) : "" });
  if (line.textContent !== words) line.textContent = words;
  small.textContent = bundle ? say("size", { size: size(bundle.size + (await shellSize())), time: time(bundle.savedAt) }) : "";
  if (why === "not_ready_saving") navigator.serviceWorker.ready.then(() => ready(phone));
}

let kept = 0;
async function shellSize() {
  if (kept) return kept;
  let sum = 0;
  for (const name of await caches.keys()) {
    if (!name.startsWith("field-")) continue;
    const cache = await caches.open(name);
    for (const answer of await cache.matchAll()) sum += (await answer.blob()).size;
  }
  if ((await navigator.serviceWorker.getRegistration("/field/"))?.active) kept = sum;
  return sum;
}
