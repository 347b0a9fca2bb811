// Dragging something to another day opens the page that moves it there; without JavaScript its link does.
let dragged = null;
for (const item of document.querySelectorAll("[data-move]")) {
  item.draggable = true;
  item.addEventListener("dragstart", (event) => {
    dragged = item;
    item.classList.add("moving");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", item.dataset.move);
  });
  item.addEventListener("dragend", () => {
    item.classList.remove("moving");
    dragged = null;
  });
}
for (const day of document.querySelectorAll("[data-day]")) {
  const mark = (on) => day.classList.toggle("drop-here", on);
  day.addEventListener("dragover", (event) => {
    if (!dragged || day.contains(dragged)) return;
    event.preventDefault();
    mark(true);
  });
  day.addEventListener("dragleave", () => mark(false));
  day.addEventListener("drop", (event) => {
    if (!dragged) return;
    event.preventDefault();
    mark(false);
    location.assign(`${dragged.dataset.move}?day=${day.dataset.day}`);
  });
}
