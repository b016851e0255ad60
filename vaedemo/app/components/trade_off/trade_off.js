// Panels along β and the charts beside them. The data are bytes: a little-endian length (4 bytes), that many bytes of
// JSON, float32 numbers, then the pictures' bytes, as the module packs them. Nothing here asks the server.
// canvas.js, axes.js, life.js, the sketch's draw.js and plot.js, and panel.js are put before this file.

const SETTLED_AFTER = 300; // milliseconds without a change until the page is told

export default function (component) {
  const board = lifeOf(component, ".tradeoff", create);
  if (!board) return undefined;
  const { data, setTriggerValue } = component;
  board.tell = (places) => setTriggerValue("settled", { places });
  if (!same(board.bytes, data)) receive(board, data);
  paintAll(board);
  return board.leave;
}

function create(root) {
  const board = { root, panels: [], charts: [], told: [], frames: 0 };
  const end = repaintFor([root], () => paintAll(board));
  board.release = () => {
    clearTimeout(board.timer);
    end();
  };
  return board;
}

function receive(board, data) {
  const [header, rest] = opened(data);
  const body = rest.slice(); // from its first byte on, as arrays of numbers need it
  const models = header.betas.length;
  let at = 0;
  const take = (count) => {
    const part = new Float32Array(body.buffer, body.byteOffset + at, count);
    at += 4 * count;
    return part;
  };
  const echo = board.told.indexOf(JSON.stringify(header.places));
  const stay = echo >= 0 && board.header?.places.length === header.places.length;
  if (echo >= 0) board.told.splice(0, echo + 1);
  board.codes = take(models * header.codes * 2);
  board.cloud = take(models * header.cloud * 2);
  board.data = take(header.data * 2);
  for (const row of header.rows) {
    const size = row.shape.reduce((product, side) => product * side, 1);
    row.pixels = body.subarray(at, at + size);
    at += size;
  }
  board.bytes = data;
  const places = stay ? board.places : header.places;
  board.header = header;
  board.places = places;
  build(board);
}

function build(board) {
  const { header, root } = board;
  const single = header.places.length === 1;
  const holder = root.querySelector(".panels");
  const rows = header.rows.map((row) => [row.title, row.shape, row.across]);
  const form = JSON.stringify([header.names, rows, header.data > 0]);
  if (form !== board.form) {
    board.form = form;
    holder.classList.toggle("single", single);
    board.panels = [...header.names].map((name) => buildPanel(name, single));
    holder.replaceChildren(...board.panels.map((panel) => panel.root));
    board.panels.forEach((panel, index) => {
      buildRest(panel, header);
      panel.slider.oninput = () => move(board, index, Number(panel.slider.value));
    });
  }
  board.panels.forEach((panel, index) => {
    panel.slider.max = header.betas.length - 1;
    panel.slider.value = board.places[index];
    panel.slider.hidden = header.fixed;
    if (panel.letter) panel.letter.textContent = header.charts.length ? panel.name : ""; // charts name the panels
  });
  const charts = root.querySelector(".charts");
  board.charts = header.charts.map((chart) => buildChart(chart));
  charts.replaceChildren(...board.charts.map((chart) => chart.root));
}

function buildChart(chart) {
  const root = document.createElement("div");
  root.className = "chart";
  const title = document.createElement("div");
  title.className = "title";
  title.textContent = chart.title;
  const legend = document.createElement("div");
  legend.className = "legend";
  legend.append(...legendEntries(chart.spec.layers));
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", chart.spec.label);
  root.append(title, legend, canvas);
  return { root, canvas, spec: chart.spec, track: chart.track };
}

function move(board, index, place) {
  board.places[index] = place;
  paintPanel(board, index);
  paintCharts(board);
  clearTimeout(board.timer);
  board.timer = setTimeout(() => {
    board.told.push(JSON.stringify(board.places));
    board.tell([...board.places]);
  }, SETTLED_AFTER);
}

function paintAll(board) {
  if (!board.header) return;
  board.panels.forEach((_, index) => paintPanel(board, index));
  paintCharts(board);
}

function paintPanel(board, index) {
  const { header, panels } = board;
  const [panel, place] = [panels[index], board.places[index]];
  const look = lookOf(board.root, board.header.colours);
  const models = header.betas.length;
  panel.beta.textContent = `β = ${header.betas[place]}`;
  panel.line.textContent = header.lines[place];
  panel.slider.style.setProperty("--done", `${(100 * place) / (models - 1)}%`);
  panel.slider.setAttribute("aria-valuetext", panel.beta.textContent);
  panel.plane.setAttribute("aria-label", `Codes of test examples at ${panel.beta.textContent}`);
  drawPlane(panel, board, place, header.before?.[index] ?? place, look);
  header.rows.forEach((row, each) => drawStrip(panel.strips[each], row, place));
  if (header.data) drawCloud(panel.strips[panel.strips.length - 1], board, place, look);
  board.root.dataset.frames = ++board.frames;
}

function paintCharts(board) {
  const look = lookOf(board.root, board.header.colours);
  for (const chart of board.charts) {
    const { context, width, height } = prepared(chart.canvas);
    if (!width) continue;
    const scale = drawPlot(context, chart.spec, width, height, look);
    board.panels.forEach((panel, index) => drawLetter(context, chart, scale, board, index, look));
  }
}

function drawLetter(context, chart, scale, board, index, look) {
  const [x, y] = chart.track[board.places[index]];
  const [across, down] = [scale.x(x), Math.min(Math.max(scale.y(y), scale.box.top), scale.box.bottom)];
  const radius = 0.72 * look.small;
  context.beginPath();
  context.arc(across, down, radius, 0, 2 * Math.PI);
  context.fillStyle = look.background;
  context.fill();
  context.lineWidth = 1.75;
  context.strokeStyle = look.text;
  context.stroke();
  context.fillStyle = look.text;
  context.font = `600 ${look.small}px ${look.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(board.panels[index].name, across, down + 0.5);
}
