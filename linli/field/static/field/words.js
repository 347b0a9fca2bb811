// Every sentence comes from the page, in the reader's language; scripts only fill in what is missing.
const root = document.getElementById("field");
const sentences = JSON.parse(root?.dataset.words ?? "{}");
export const who = JSON.parse(root?.dataset.who ?? "{}");
export const pageName = root?.dataset.page ?? "";
const timeZone = who.zone; // the county's: what is due is due there
const tongue = who.language === "en" ? "en-GB" : "zh-CN";

export function say(key, values = {}) {
  const text = sentences[key] ?? sentences.why_ ?? key;
  return text.replace(/%\((\w+)\)s/g, (_all, name) => values[name] ?? "").replace(/%%/g, "%");
}

export const knows = (key) => key in sentences;

export function time(when) {
  const moment = new Date(when);
  const hour = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone };
  if (isoDay(moment) === isoDay(new Date())) return moment.toLocaleTimeString(tongue, hour);
  return moment.toLocaleString(tongue, { month: "long", day: "numeric", ...hour });
}

export function day(when) {
  return new Date(when).toLocaleDateString(tongue, { month: "long", day: "numeric", timeZone });
}

// The county's day, wherever the telephone believes to be.
export function isoDay(when) {
  return new Date(when).toLocaleDateString("sv-SE", { timeZone });
}

export function size(bytes) {
  if (bytes >= 1e9) return say("gb", { n: (bytes / 1e9).toFixed(1) });
  return bytes < 1_000_000 ? say("kb", { n: Math.round(bytes / 1000) }) : say("mb", { n: (bytes / 1_000_000).toFixed(1) });
}

// A copy of <template id="tpl-…">: its first element.
export function drawn(name) {
  return document.getElementById(`tpl-${name}`).content.firstElementChild.cloneNode(true);
}

// One sentence at the top of the page, for what concerns all of it.
export function tell(key, kind = "warn", values = {}) {
  const box = document.getElementById("field-said");
  box.className = `notice ${kind}`;
  box.hidden = false;
  box.firstElementChild.textContent = say(key, values);
}
