// Many small images on one canvas, sharp at every pixel density, with a click or a key press sent back as an index.
// The data are bytes: a header, then the pixels, image by image, channel by channel (n, C, H, W), as the module packs
// them.

const GAP = 3; // CSS pixels between images
const CAPTION_SIZE = 0.75; // of the page's font, where the page names no size for the words of its canvases
const STAGE = 21.25; // the page's font in CSS pixels on a stage of 1280 × 720; on a larger one images grow with it
const CAPTION_HEIGHT = 5 / 3; // of its own size: the room under each image that has a caption

export default function (component) {
  const grid = lifeOf(component, ".grid", create);
  if (!grid) return undefined;
  grid.send = (index) => component.setTriggerValue("clicked", index);
  receive(grid, component.data);
  return grid.leave;
}

function create(root) {
  const grid = {
    root,
    canvas: root.querySelector("canvas"),
    cells: root.querySelector(".cells"),
    focused: 0,
    width: 0,
    built: "",
  };
  grid.release = repaintFor([root], () => {
    // Height follows from width, so only a new width (or pixel density) is news.
    if (grid.header && (root.clientWidth !== grid.width || window.devicePixelRatio !== grid.density)) layOut(grid);
  });
  root.onclick = (event) => {
    const cell = event.target.closest?.(".cell");
    if (cell) choose(grid, Number(cell.dataset.index));
  };
  root.onkeydown = (event) => steer(grid, event);
  return grid;
}

function receive(grid, data) {
  if (data === grid.data) return;
  grid.data = data;
  const [header, rest] = opened(data);
  const { count, channels, height, width, columns, captions, scale, selected } = (grid.header = header);
  const { pixels, form } = grid;
  grid.pixels = rest.subarray(0, count * channels * height * width);
  grid.form = JSON.stringify([count, channels, height, width, columns, captions, scale]);
  build(grid);
  select(grid, selected);
  if (form !== grid.form || !same(pixels, grid.pixels)) layOut(grid);
}

// One cell per image, rebuilt only when their number, order of rows or words change.
function build(grid) {
  const { count, columns, label, captions, clickable } = grid.header;
  grid.root.setAttribute("aria-label", label);
  const built = JSON.stringify([count, columns, captions, clickable]);
  if (built === grid.built) return;
  grid.built = built;
  grid.focused = Math.min(grid.focused, count - 1);
  grid.root.classList.toggle("clickable", clickable);
  grid.root.setAttribute("role", clickable ? "grid" : "img");
  if (clickable) {
    grid.root.tabIndex = 0;
    grid.root.setAttribute("aria-rowcount", Math.ceil(count / columns));
    grid.root.setAttribute("aria-colcount", columns);
  } else {
    for (const name of ["tabindex", "aria-rowcount", "aria-colcount", "aria-activedescendant"]) {
      grid.root.removeAttribute(name);
    }
  }
  const rows = [];
  for (let index = 0; index < count; index++) {
    if (index % columns === 0) {
      const row = document.createElement("div");
      row.className = "row";
      if (clickable) row.setAttribute("role", "row");
      rows.push(row);
    }
    rows[rows.length - 1].append(cellFor(index, captions?.[index], clickable));
  }
  grid.cells.replaceChildren(...rows);
  grid.selected = undefined;
  mark(grid);
}

function cellFor(index, caption, clickable) {
  const cell = document.createElement("div");
  cell.className = "cell";
  cell.id = `cell-${index}`;
  cell.dataset.index = index;
  if (clickable) {
    cell.setAttribute("role", "gridcell");
    cell.setAttribute("aria-label", caption ? `image ${index + 1}: ${caption}` : `image ${index + 1}`);
  }
  if (caption) {
    const words = document.createElement("div");
    words.className = "caption";
    words.textContent = caption;
    words.title = caption;
    cell.append(words);
  }
  return cell;
}

function cellAt(grid, index) {
  return grid.cells.querySelector(`#cell-${index}`);
}

// The cells are gone through only where something else is selected, or they are new.
function select(grid, index) {
  if (grid.selected === index) return;
  grid.selected = index;
  for (const cell of grid.cells.querySelectorAll(".cell")) {
    if (!grid.header.clickable) cell.removeAttribute("aria-selected");
    else cell.setAttribute("aria-selected", String(Number(cell.dataset.index) === index));
  }
}

function mark(grid) {
  if (!grid.header.clickable) return;
  grid.cells.querySelector(".focused")?.classList.remove("focused");
  const cell = cellAt(grid, grid.focused);
  if (!cell) return;
  cell.classList.add("focused");
  grid.root.setAttribute("aria-activedescendant", cell.id);
}

function choose(grid, index) {
  if (!grid.header.clickable) return;
  grid.focused = index;
  mark(grid);
  select(grid, index); // shown at once; the page's answer follows
  grid.send(index);
}

function steer(grid, event) {
  const { count, columns, clickable } = grid.header;
  if (!clickable || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    choose(grid, grid.focused);
    return;
  }
  const start = grid.focused - (grid.focused % columns);
  const target = {
    ArrowLeft: grid.focused - 1,
    ArrowRight: grid.focused + 1,
    ArrowUp: grid.focused - columns,
    ArrowDown: grid.focused + columns,
    Home: start,
    End: Math.min(start + columns, count) - 1,
  }[event.key];
  if (target === undefined) return;
  event.preventDefault();
  if (target < 0 || target >= count) return;
  grid.focused = target;
  mark(grid);
  cellAt(grid, target).scrollIntoView({ block: "nearest", inline: "nearest" });
}

// The page's font and the height of a caption, in CSS pixels. On the stage captions grow with the window, as all words
// on canvases do.
function wordsOf(root) {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const share = parseFloat(getComputedStyle(root).getPropertyValue("--canvas-rem")) || CAPTION_SIZE;
  return { rem, height: CAPTION_HEIGHT * share * rem };
}

function layOut(grid) {
  const { columns, captions } = grid.header;
  const available = grid.root.clientWidth;
  if (!available) return;
  grid.width = available;
  grid.density = window.devicePixelRatio;
  const { rem, height } = wordsOf(grid.root);
  const header = { ...grid.header, scale: grid.header.scale * Math.max(1, rem / STAGE) };
  const size = gridSize(header, available, GAP, captions ? height : 0);
  for (const [name, pixels] of Object.entries({
    "--cell-width": size.cellWidth,
    "--cell-height": size.cellHeight,
    "--caption-height": size.caption,
    "--gap": size.gap,
  })) {
    grid.root.style.setProperty(name, `${pixels / (grid.density || 1)}px`);
  }
  grid.root.style.setProperty("--columns", columns);
  paintGrid(grid.canvas, grid.header, size, stripOf(grid.header, grid.pixels));
}
