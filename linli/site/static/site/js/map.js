// Makes the drawn map movable on a press of its button; only then Leaflet is fetched.
// Until then a finger on the map scrolls the page, as everywhere else.
function fetchLeaflet({ leaflet, leafletCss }) {
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = leafletCss;
  const code = document.createElement("script");
  code.src = leaflet;
  const both = [sheet, code].map((element) => new Promise((resolve, reject) => {
    element.onload = resolve;
    element.onerror = reject;
  }));
  document.head.append(sheet, code);
  return Promise.all(both);
}

// Dots and names keep their size while the ground grows.
function keepSize(svg, scale) {
  svg.querySelectorAll("[data-size]").forEach((mark) => {
    const name = mark.tagName === "text" ? "font-size" : "r";
    mark.setAttribute(name, mark.dataset.size / scale);
  });
}

function makeMovable(board) {
  const L = window.L;
  const svg = board.querySelector("svg");
  const { width, height } = svg.viewBox.baseVal;
  board.style.height = `${board.clientHeight}px`;
  const ground = document.createElement("div");
  board.append(ground);
  const map = L.map(ground, { crs: L.CRS.Simple, attributionControl: false, zoomControl: false, zoomSnap: 0.5, minZoom: -2, maxZoom: 7 });
  L.control.zoom({ zoomInTitle: board.dataset.closer, zoomOutTitle: board.dataset.further }).addTo(map);
  const bounds = [[-height, 0], [0, width]];
  L.svgOverlay(svg, bounds, { interactive: true }).addTo(map);
  map.on("zoomend", () => keepSize(svg, 2 ** map.getZoom()));
  map.fitBounds(bounds);
  keepSize(svg, 2 ** map.getZoom());
  // Letting go after a drag is not a press on what lies under the finger.
  let moved = false;
  map.on("dragstart", () => (moved = true));
  ground.addEventListener("pointerdown", () => (moved = false));
  ground.addEventListener("click", (event) => {
    if (!moved) return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  ground.focus();
}

export function start(board) {
  const button = board.parentElement.querySelector("[data-map-move]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      if (!window.L) await fetchLeaflet(board.dataset);
      makeMovable(board);
      button.remove();
    } catch {
      button.disabled = false; // no line just now; the drawing and the list stay
    }
  });
}
