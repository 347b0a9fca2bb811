// The queue for people: what waits, what is being sent, what needs help, each with its reason and what
// one can do about it.
import { address } from "./drafts.js";
import { helps, link } from "./helps.js";
import { memory } from "./memory.js";
import { drawn, knows, say, time } from "./words.js";

const element = (id) => document.getElementById(id);

export async function show(phone) {
  element("queue").hidden = false;
  element("send-now").addEventListener("click", () => phone.flush(true));
  await phone.listen(() => draw(phone));
  await memory(phone);
}

async function draw(phone) {
  const items = (await phone.store.all()).sort((a, b) => b.frozenAt - a.frozenAt);
  const drafts = (await phone.store.drafts()).filter((draft) => draft.touched);
  const count = (...states) => items.filter((item) => states.includes(item.state)).length;
  element("n-waiting").textContent = count("frozen", "stored");
  element("n-sending").textContent = count("sending");
  element("n-help").textContent = count("needs_help");
  element("stat-help").classList.toggle("late", count("needs_help") > 0);
  const open = items.filter((item) => item.state !== "wiped");
  element("queue-items").replaceChildren(...open.map((item) => row(phone, item)), ...drafts.map((draft) => draftRow(phone, draft)));
  element("queue-empty").hidden = open.length + drafts.length > 0;
  element("queue-done").replaceChildren(...items.filter((item) => item.state === "wiped").map(doneRow));
}

function fill(title, state, tone, why, more) {
  const box = drawn("item");
  const [name, badge] = box.querySelectorAll("h3 span");
  name.textContent = title;
  badge.textContent = say(`state_${state}`);
  if (tone) badge.classList.add(tone);
  box.querySelector(".why").textContent = why;
  box.querySelector(".more").textContent = more.filter(Boolean).join(" · ");
  return box;
}

function reason(item) {
  const shares = Object.values(item.sent);
  const share = Math.round(100 * Math.max(0, ...shares));
  const why = item.state === "sending" ? "sending" : item.why === "photos" && !shares.length ? "photos_wait" : item.why || "waiting";
  const key = knows(`why_${why}`) ? `why_${why}` : item.state === "needs_help" ? "why_refused" : "why_waiting";
  return say(key, { said: item.said, time: time(Math.max(item.notBefore, Date.now())), share });
}

function row(phone, item) {
  const tone = { needs_help: "late", sending: "ok", stored: "ok" }[item.state] ?? "warn";
  const number = item.receipt?.number ? say("number", { number: spaced(item.receipt.number) }) : say("tag", { tag: item.tag });
  const box = fill(item.name, item.state, tone, reason(item), [time(item.frozenAt), number]);
  box.dataset.id = item.id;
  box.querySelector(".actions").replaceChildren(...helps(phone, item));
  return box;
}

function draftRow(phone, draft) {
  const form = phone.bundle?.forms.find((one) => one.id === draft.form);
  const box = fill(form?.name ?? draft.form, "draft", "", "", [time(draft.at)]);
  const names = element("tpl-names").dataset;
  box.querySelector(".actions").replaceChildren(link(names.resume, address(names.form, draft)));
  return box;
}

function doneRow(item) {
  const words = [item.receipt?.number && say("number", { number: spaced(item.receipt.number) }), item.word && say("word", { word: item.word })];
  return fill(item.name, "wiped", "ok", say("arrived", { time: time(item.storedAt) }), words);
}

const spaced = (number) => (/^\d{10}$/.test(number) ? `${number.slice(0, 2)} ${number.slice(2, 6)} ${number.slice(6)}` : number);
