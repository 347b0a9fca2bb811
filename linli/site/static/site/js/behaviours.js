// Every behaviour of every page: where its mark stands in the page, its module is fetched and started.
// A page without the mark costs nothing; a page without JavaScript works without all of them.
const BEHAVIOURS = [
  ["form[data-large-letters]", () => import("./large_letters.js")],
  ["[data-read-aloud]", () => import("./read_aloud.js")],
  ["[data-focus]", () => import("./focus.js")],
  ["[data-copy]", () => import("./copy_text.js")],
  ["form[data-keep]", () => import("./keep_draft.js")],
  ["[data-keep-done]", () => import("./forget_draft.js")],
  ["form[data-auto-submit]", () => import("./auto_submit.js")],
  ["[data-photo]", () => import("./shrink_photo.js")],
  ["[data-here]", () => import("./here.js")],
  ["[data-map]", () => import("./map.js")],
  ["[data-pin-map]", () => import("./pin_map.js")],
  ["[data-print]", () => import("./print.js")],
];
const started = new WeakMap();

function startOnce(element, load) {
  const done = started.get(element) ?? new Set();
  if (done.has(load)) return;
  started.set(element, done.add(load));
  load().then((module) => module.start(element));
}

function startAll(root) {
  for (const [mark, load] of BEHAVIOURS) {
    if (root.matches?.(mark)) startOnce(root, load);
    root.querySelectorAll(mark).forEach((element) => startOnce(element, load));
  }
}

startAll(document);
document.addEventListener("htmx:load", (event) => startAll(event.detail.elt));
