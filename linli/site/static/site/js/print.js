// A button that prints the page; browsers without a printer never show it.
export function start(button) {
  if (!window.print) return;
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
