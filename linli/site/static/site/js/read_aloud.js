// Reads the page with the telephone's own voice. Hidden where there is none.
const voice = window.speechSynthesis;
const SKIP = "nav, script, form, [hidden], [aria-hidden=true], .hush, .map";
const READ = "h1, h2, h3, p, li, dt, dd, th, td, summary, time, blockquote";

// One utterance a paragraph: long ones are cut off by some browsers.
function paragraphs(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT, (node) => {
    if (node.matches(SKIP)) return NodeFilter.FILTER_REJECT;
    return node.matches(READ) ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP;
  });
  const found = [];
  let last = null;
  while (walker.nextNode()) {
    if (last?.contains(walker.currentNode)) continue; // read with what it stands in
    last = walker.currentNode;
    const text = last.innerText.trim();
    if (text) found.push(text);
  }
  return found;
}

export function start(button) {
  if (!voice || !window.SpeechSynthesisUtterance) return;
  const press = (on) => button.setAttribute("aria-pressed", String(on));
  const stop = () => {
    voice.cancel();
    press(false);
  };
  const read = () => {
    voice.cancel();
    const texts = paragraphs(document.querySelector(button.dataset.readAloud));
    texts.forEach((text, index) => {
      const words = new SpeechSynthesisUtterance(text);
      words.lang = document.documentElement.lang === "en" ? "en" : "zh-CN";
      words.rate = 0.9;
      if (index === texts.length - 1) words.onend = () => press(false);
      voice.speak(words);
    });
    press(true);
  };
  button.hidden = false;
  button.addEventListener("click", () => (button.getAttribute("aria-pressed") === "true" ? stop() : read()));
  addEventListener("pagehide", stop);
}
