// It has arrived: the draft in this tab is not needed any more.
export function start(element) {
  sessionStorage.removeItem(`draft:${element.dataset.keepDone}`);
}
