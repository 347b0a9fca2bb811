// Every behaviour of every page starts where its mark stands. What is small lives here and comes with
// one request; maps and photos are fetched where a page has one. Without JavaScript all pages work.
const BEHAVIOURS = [
  ["form[data-large-letters]", letEnlarge],
  ["[data-read-aloud]", letReadAloud],
  ["[data-focus]", (element) => element.focus()], // a form came back: nobody shall miss what is wrong
  ["[data-copy]", letCopy],
  ["[data-print]", letPrint],
  ["form[data-auto-submit]", submitWhenChosen],
  ["form[data-keep]", keepDraft],
  ["[data-keep-done]", forgetDraft],
  ["[data-photo]", async (box) => (await import("./photo.js")).shrink(box)],
  ["[data-map]", async (board) => (await import("./map.js")).letMove(board)],
  ["[data-pin-map]", async (box) => (await import("./map.js")).letPin(box)],
  ["[data-here]", async (button) => (await import("./map.js")).letLookAround(button)],
];
const started = new WeakMap();

function startOnce(element, start) {
  const done = started.get(element) ?? new Set();
  if (done.has(start)) return;
  started.set(element, done.add(start));
  start(element);
}

function startAll(root) {
  for (const [mark, start] of BEHAVIOURS) {
    if (root.matches?.(mark)) startOnce(root, start);
    root.querySelectorAll(mark).forEach((element) => startOnce(element, start));
  }
}

// Large letters without loading the page again: nothing that was typed gets lost.
function letEnlarge(form) {
  const button = form.querySelector("button");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const large = document.documentElement.classList.toggle("large");
    button.setAttribute("aria-pressed", String(large));
    button.value = large ? "0" : "1";
    const secure = location.protocol === "https:" ? ";secure" : "";
    document.cookie = `${form.dataset.largeLetters}=${large ? 1 : 0};path=/;max-age=31536000;samesite=lax${secure}`;
  });
}

// Reads the page with the telephone's own voice. Hidden where there is none.
function letReadAloud(button) {
  const voice = window.speechSynthesis;
  if (!voice || !window.SpeechSynthesisUtterance) return;
  const press = (on) => button.setAttribute("aria-pressed", String(on));
  const stop = () => {
    voice.cancel();
    press(false);
  };
  const read = () => {
    voice.cancel();
    const found = paragraphs(document.querySelector(button.dataset.readAloud));
    found.forEach((element, index) => {
      const words = new SpeechSynthesisUtterance(element.innerText.trim());
      words.lang = element.closest("[lang]").lang === "en" ? "en" : "zh-CN";
      words.rate = 0.9;
      if (index === found.length - 1) words.onend = () => press(false);
      voice.speak(words);
    });
    press(true);
  };
  button.hidden = false;
  button.addEventListener("click", () => (button.getAttribute("aria-pressed") === "true" ? stop() : read()));
  addEventListener("pagehide", stop);
}

// One utterance a paragraph: long ones are cut off by some browsers.
function paragraphs(root) {
  const skip = "nav, script, form, [hidden], [aria-hidden=true], .hush, .map";
  const read = "h1, h2, h3, p, li, dt, dd, th, td, summary, time, blockquote";
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT, (node) => {
    if (node.matches(skip)) return NodeFilter.FILTER_REJECT;
    return node.matches(read) ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP;
  });
  const found = [];
  let last = null;
  while (walker.nextNode()) {
    if (last?.contains(walker.currentNode)) continue; // read with what it stands in
    last = walker.currentNode;
    if (last.innerText.trim()) found.push(last);
  }
  return found;
}

// Copies a number or a word, and says so.
function letCopy(button) {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.querySelector("[role=status]").textContent = button.dataset.done;
  });
}

// A button that prints the page; browsers without a printer never show it.
function letPrint(button) {
  if (!window.print) return;
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A filter takes effect when it is chosen; its button stays for those without JavaScript.
function submitWhenChosen(form) {
  form.addEventListener("change", (event) => {
    if (event.target.matches("select, input[type=radio], input[type=checkbox]")) form.requestSubmit();
  });
}

// Keeps what was typed until it has arrived: over a change of language, a lost page, a late form.
// In this tab only, and never what says who somebody is. <form data-keep="tell"> keeps; an element
// data-keep-done="tell" on the page after it forgets.
function keepDraft(form) {
  const secret = "[type=hidden], [type=password], [type=file], [type=tel], [type=email], [type=radio], [type=checkbox], [autocomplete]:not([autocomplete=off])";
  const key = `draft:${form.dataset.keep}`;
  const fields = () => [...form.elements].filter((field) => field.matches("textarea, input") && field.name && !field.matches(secret));
  const kept = JSON.parse(sessionStorage.getItem(key) ?? "{}");
  for (const field of fields()) if (!field.value && kept[field.name]) field.value = kept[field.name];
  form.addEventListener("input", () => {
    sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(fields().map((field) => [field.name, field.value]))));
  });
}

function forgetDraft(element) {
  sessionStorage.removeItem(`draft:${element.dataset.keepDone}`);
}

startAll(document);
document.addEventListener("htmx:load", (event) => startAll(event.detail.elt));
