// Grids of pictures side by side, each under its title, with nothing in them to press. canvas.js is put before this
// file. The data are bytes: a header, then the pixels of all grids, one after the other, as grid_row.py packs them.

const GAP = 3; // CSS pixels between pictures
const rows = new WeakMap(); // what each mounted row remembers between two runs

export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector(".row");
  if (!root || !data) return undefined;
  let row = rows.get(parentElement);
  if (!row || row.root !== root) {
    row?.observer.disconnect();
    row = create(root);
    rows.set(parentElement, row);
  }
  if (data !== row.data) receive(row, data);
  return () => {
    row.observer.disconnect();
    rows.delete(parentElement);
  };
}

function create(root) {
  const row = { root, panels: [], titles: "" };
  row.observer = new ResizeObserver(() => {
    if (root.clientWidth !== row.width || window.devicePixelRatio !== row.density) layOut(row);
  });
  row.observer.observe(root);
  return row;
}

function receive(row, data) {
  row.data = data;
  const [header, pixels] = opened(data);
  row.header = header;
  const titles = JSON.stringify(header.panels);
  if (titles !== row.titles) {
    row.titles = titles;
    row.panels = header.panels.map(panelFor);
    row.root.replaceChildren(...row.panels.map((panel) => panel.root));
  }
  const size = header.count * header.channels * header.height * header.width;
  row.panels.forEach((panel, index) => {
    panel.strip = stripOf(header, pixels.subarray(index * size, (index + 1) * size));
  });
  layOut(row);
}

function panelFor({ title, label }) {
  const [root, words, canvas] = ["div", "div", "canvas"].map((tag) => document.createElement(tag));
  words.className = "title";
  words.textContent = title;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  root.append(words, canvas);
  return { root, canvas };
}

function layOut(row) {
  row.width = row.root.clientWidth;
  row.density = window.devicePixelRatio;
  for (const { root, canvas, strip } of row.panels) {
    if (root.clientWidth) paintGrid(canvas, row.header, gridSize(row.header, root.clientWidth, GAP), strip);
  }
}
