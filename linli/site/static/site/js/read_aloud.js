// Reads the page with the telephone's own voice. Hidden where there is none.
const button = document.querySelector("[data-read-aloud]");
const voice = window.speechSynthesis;
const SKIP = "nav, script, form, [hidden], [aria-hidden=true], .hush, .crumbs";

// One utterance a paragraph: long ones are cut off by some browsers.
function sentences(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT, {
    acceptNode(node) {
      if (node.matches(SKIP)) return NodeFilter.FILTER_REJECT;
      return node.matches("h1,h2,h3,p,li,dt,dd,th,td,summary,b,time") ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP;
    },
  });
  const found = [];
  let last = null;
  while (walker.nextNode()) {
    if (last?.contains(walker.currentNode)) continue; // its text was taken with the parent's
    last = walker.currentNode;
    const text = last.innerText.trim();
    if (text) found.push(text);
  }
  return found;
}

function stop() {
  voice.cancel();
  button.setAttribute("aria-pressed", "false");
}

function read() {
  voice.cancel();
  const texts = sentences(document.querySelector(button.dataset.readAloud));
  texts.forEach((text, index) => {
    const words = new SpeechSynthesisUtterance(text);
    words.lang = document.documentElement.lang === "en" ? "en" : "zh-CN";
    words.rate = 0.9;
    if (index === texts.length - 1) words.onend = stop;
    voice.speak(words);
  });
  button.setAttribute("aria-pressed", "true");
}

if (button && voice && window.SpeechSynthesisUtterance) {
  button.hidden = false;
  button.addEventListener("click", () => (button.getAttribute("aria-pressed") === "true" ? stop() : read()));
  addEventListener("pagehide", stop);
}
