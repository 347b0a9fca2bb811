// After a form came back with something to put right: go there, so that nobody misses it.
export function start(element) {
  element.focus();
}
