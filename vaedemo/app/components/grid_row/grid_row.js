// Grids of pictures side by side, each under its title, with nothing in them to press. canvas.js and
// life.js are put before this file. The data are bytes: a header, then the pixels of all grids, one after the other.

const GAP = 3; // CSS pixels between pictures

export default function (component) {
  const row = lifeOf(component, ".row", create);
  if (!row) return undefined;
  if (component.data !== row.data) receive(row, component.data);
  return row.leave;
}

function create(root) {
  const row = { root, panels: [], titles: "" };
  row.release = repaintFor([root], () => {
    const isNew = root.clientWidth !== row.width || window.devicePixelRatio !== row.density;
    if (row.header && isNew) layOut(row);
  });
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
