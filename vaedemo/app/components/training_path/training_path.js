// One training step from left to right, stage by stage. The data are bytes: a header, then grey pixels of x, x̂ and x̂
// after the step. Nothing moves before Play is pressed. canvas.js, life.js and panel.js are put before this file.

const STAY = 2200; // milliseconds of a stage
const BACKWARD = 5; // the first stage with gradients
// The parts that are lit at each stage: on the way forward their own; then those that the gradients and Adam act on.
const LATER_LIT = { 5: ["q", "z", "decoder", "image"], 6: ["encoder", "decoder"], 7: ["encoder", "decoder"], 8: ["sum"] };

export default function (component) {
  const path = lifeOf(component, ".path", create);
  if (!path) return undefined;
  path.tell = (stage) => component.setStateValue("stage", stage);
  receive(path, component.data);
  return path.leave;
}

function create(root) {
  const path = { root, stage: 0, told: null, timer: 0 };
  [path.play, path.slider] = root.querySelector(".bar").children;
  path.play.onclick = () => (path.timer ? stop(path) : start(path));
  path.slider.oninput = () => {
    pause(path);
    path.stage = Number(path.slider.value);
    show(path);
  };
  path.slider.onchange = () => path.tell(path.stage);
  path.release = () => pause(path);
  return path;
}

function receive(path, data) {
  const [header, pixels] = opened(data);
  Object.assign(path, { header, pixels });
  // A rerun for another reason leaves the stage where it plays.
  const asked = JSON.stringify([header.stage, header.stages.length]);
  if (asked !== path.told) path.stage = header.stage;
  path.told = asked;
  path.stage = Math.min(path.stage, header.stages.length - 1);
  for (const [role, colour] of Object.entries(header.colours)) path.root.style.setProperty(`--${role}`, colour);
  path.root.setAttribute("aria-label", header.label);
  path.root.querySelector(".bar").hidden = !header.player;
  path.slider.max = header.stages.length - 1;
  show(path);
}

function start(path) {
  const last = path.header.stages.length - 1;
  if (path.stage === last) path.stage = 0;
  show(path);
  path.timer = setInterval(() => {
    path.stage += 1;
    show(path);
    if (path.stage >= path.header.stages.length - 1) stop(path);
  }, STAY);
  name(path);
}

function pause(path) {
  clearInterval(path.timer);
  path.timer = 0;
  name(path);
}

function stop(path) {
  pause(path);
  path.tell(path.stage);
}

function name(path) {
  path.play.textContent = path.timer ? "Pause" : "Play";
  path.play.classList.toggle("playing", Boolean(path.timer));
}

function show(path) {
  const { root, header, stage } = path;
  const lit = LATER_LIT[stage];
  for (const node of root.querySelectorAll(".node")) {
    const { part } = node.dataset;
    const since = header.parts[part];
    node.classList.toggle("later", since > stage);
    node.classList.toggle("now", lit ? lit.includes(part) : since === stage);
    const words = node.querySelector("span");
    if (words) words.textContent = since <= stage ? header.lines[part].join("\n") : "";
    else drawPicture(path, node.querySelector("canvas"), part === "x" ? 0 : 1, since <= stage, header.lines[part][0]);
  }
  for (const arrows of root.querySelectorAll(".arrows")) {
    const { from } = arrows.dataset;
    arrows.classList.toggle("later", header.parts[from] + (arrows.matches(".down") ? 0 : 1) > stage);
  }
  root.classList.toggle("backward", stage >= BACKWARD);
  fillPanel(root.querySelector(".panel"), header.stages[stage], (canvas, place) => paint(path, canvas, place));
  path.slider.value = stage;
  path.slider.setAttribute("aria-valuetext", header.stages[stage].name);
  path.slider.style.setProperty("--done", `${(100 * stage) / Math.max(1, header.stages.length - 1)}%`);
}

function drawPicture(path, canvas, place, isThere, label) {
  canvas.setAttribute("aria-label", isThere ? label : "not there yet");
  if (isThere) paint(path, canvas, place);
  else [canvas.width, canvas.height] = [path.header.width, path.header.height]; // cleared
}

// One grey picture of the message, by its place in it.
function paint(path, canvas, place) {
  const { height, width } = path.header;
  [canvas.width, canvas.height] = [width, height];
  const picture = new ImageData(width, height);
  const from = place * height * width;
  for (let pixel = 0; pixel < height * width; pixel++) {
    picture.data.fill(path.pixels[from + pixel], 4 * pixel, 4 * pixel + 3);
    picture.data[4 * pixel + 3] = 255;
  }
  canvas.getContext("2d").putImageData(picture, 0, 0);
}
