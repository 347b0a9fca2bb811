// After a form came back with something to put right: go there, so that nobody misses it.
document.querySelector("[data-focus]")?.focus();
