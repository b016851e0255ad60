// What every film needs: its data unpacked, what lies between two frames, and the bar that moves it. canvas.js is put
// before this file; the file of each kind of film has the `paint` that `moveTo` calls.

// A film as the module packs it: its header, and for each frame its means, and its points or its pixels.
function reelOf(data) {
  const [header, body] = opened(data);
  const reel = { header };
  const numbers = new Float32Array(body.slice(0, 4 * header.floats).buffer);
  const frames = header.steps.length;
  let at = 0;
  const take = (pairs) => numbers.subarray(2 * at, 2 * (at += pairs));
  reel.means = Array.from({ length: frames }, () => take(header.codes.labels.length));
  if (header.plane) {
    reel.points = Array.from({ length: frames }, () => take(header.plane.count));
    reel.points.data = take(header.plane.data);
  } else {
    const { count, channels, height, width } = header.sheet;
    const size = count * channels * height * width;
    const pixels = body.subarray(4 * header.floats);
    reel.pixels = Array.from({ length: frames }, (_, frame) => pixels.subarray(frame * size, (frame + 1) * size));
  }
  return reel;
}

// Fetch what is not yet here, `unpack(film, data)` it, and show the frame that the page asks for.
async function receive(film, { films, start }, unpack) {
  // The same film again: the reader's place in it counts, unless the page asks for another.
  const address = films.join();
  const known = film.asked === address;
  const same = known && film.start === start;
  Object.assign(film, { asked: address, start });
  try {
    if (!known) {
      film.fetching = Promise.all(films.map(fetched)).then((data) => film.asked === address && unpack(film, data));
    }
    await film.fetching;
  } catch (error) {
    film.asked = null;
    film.hint.textContent = `The film could not be loaded (${error.message}). Reload the page.`;
    return;
  }
  if (film.asked !== address || film.start !== start) return; // another film or frame was asked for meanwhile
  if (same) paint(film);
  else {
    pause(film);
    film.told = start;
    moveTo(film, start);
  }
}

// The bar's elements in a film's root, and what a film remembers of playing.
function barIn(root) {
  const bar = { position: 0, playing: 0, slowly: false, header: null };
  for (const name of ["play", "slow", "back", "forward", "slide", "hint"]) bar[name] = root.querySelector(`.${name}`);
  bar.slider = bar.slide.querySelector("input");
  bar.output = bar.slide.querySelector("output");
  bar.still = matchMedia("(prefers-reduced-motion: reduce)");
  return bar;
}

// Let hands move the film, and paint it anew when one of these elements changes its size.
function connect(film, watched) {
  film.slider.oninput = () => goTo(film, Number(film.slider.value));
  film.play.onclick = () => (film.playing ? pause(film) : play(film));
  film.slow.onclick = () => slowDown(film);
  film.back.onclick = () => goTo(film, Math.round(film.position) - 1);
  film.forward.onclick = () => goTo(film, Math.round(film.position) + 1);
  film.root.onkeydown = (event) => steer(film, event);
  const end = repaintFor(watched, () => paint(film));
  film.release = () => {
    cancelAnimationFrame(film.playing);
    clearTimeout(film.timer);
    end();
  };
}

// The slider's ends, and room for the longest words beside it.
function fitBar(film) {
  const { steps } = film.header;
  Object.assign(film.slider, { min: 0, max: steps.length - 1 });
  const words = steps.map((_, frame) => wordsFor(film, frame).length);
  film.slide.style.setProperty("--widest", `${Math.max(...words) - 2}ch`);
  film.root.classList.toggle("still", steps.length < 2);
}

// What lies between two frames, each number mixed in proportion.
function between(film, arrays) {
  const from = Math.floor(film.position);
  const share = film.position - from;
  if (!share || film.still.matches) return arrays[Math.round(film.position)];
  const [a, b] = [arrays[from], arrays[from + 1]];
  return typeof a === "number" ? a + share * (b - a) : a.map((value, at) => value + share * (b[at] - value));
}

// How many epochs were over at a frame, as an index into the curves; −1 before the first one's end.
const measuredAt = ({ header }, frame) => header.epochs.findLastIndex((each) => each <= header.steps[frame]);

function wordsFor(film, frame) {
  const { steps, first } = film.header;
  const measured = measuredAt(film, frame);
  const epoch = film.header.epochs[measured] === steps[frame] ? "end of epoch" : "epoch";
  const number = first + measured + (epoch === "epoch" ? 1 : 0);
  return `${steps[frame].toLocaleString("en")}${film.header.epochs.length ? ` · ${epoch} ${number}` : ""}`;
}

function moveTo(film, position) {
  film.position = position;
  const { steps } = film.header;
  const frame = Math.round(position);
  film.slider.value = frame;
  film.slider.setAttribute("aria-valuetext", `step ${wordsFor(film, frame)}`);
  film.slide.style.setProperty("--done", `${(100 * frame) / Math.max(1, steps.length - 1)}%`);
  film.output.textContent = wordsFor(film, frame);
  film.back.disabled = frame === 0;
  film.forward.disabled = frame === steps.length - 1;
  paint(film);
}
