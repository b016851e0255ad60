// Several strips of images played side by side in step, there and back, once Play is pressed. The data are bytes: a
// header, then the pixels, pane by pane and frame by frame. canvas.js and life.js are put before this file.

const SLOWER = 4; // how many times longer a frame stands in slow motion

export default function (component) {
  const book = lifeOf(component, ".flipbook", create);
  if (!book) return undefined;
  receive(book, component.data);
  if (book.playing && !book.running) run(book);
  return book.leave;
}

function create(root) {
  const book = { root, at: 0, step: 1, slower: false, playing: false, running: 0, due: 0, built: "" };
  for (const part of ["panes", "play", "slow"]) book[part] = root.querySelector(`.${part}`);
  [book.slider, book.output] = [root.querySelector("input"), root.querySelector("output")];
  book.play.onclick = () => {
    book.playing = !book.playing;
    if (book.playing) run(book);
    name(book);
  };
  book.slow.onclick = () => {
    book.slower = !book.slower;
    book.slow.setAttribute("aria-pressed", String(book.slower));
  };
  book.slider.oninput = () => {
    book.playing = false;
    book.at = Number(book.slider.value);
    name(book);
    show(book);
  };
  book.release = () => cancelAnimationFrame(book.running);
  name(book);
  return book;
}

function name(book) {
  book.play.textContent = book.playing ? "Pause" : "Play";
}

function receive(book, data) {
  [book.header, book.pixels] = opened(data);
  const { panes, frames, places, columns, height, width, label, side } = book.header;
  book.root.setAttribute("aria-label", label);
  book.root.setAttribute("role", "group");
  book.root.style.setProperty("--columns", columns);
  book.root.style.setProperty("--side", `${side}px`);
  book.root.style.setProperty("--widest", `${Math.max(...places.map((text) => text.length))}ch`);
  book.slider.max = frames - 1;
  book.at = Math.min(book.at, frames - 1);
  const built = JSON.stringify([panes, height, width]);
  if (built !== book.built) {
    book.built = built;
    book.panes.replaceChildren(...panes.map((words) => paneFor(words, height, width)));
    book.canvases = [...book.panes.querySelectorAll("canvas")];
  }
  show(book);
}

function paneFor(words, height, width) {
  const pane = document.createElement("figure");
  pane.className = "pane";
  const caption = document.createElement("figcaption");
  caption.textContent = words;
  caption.title = words;
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", words);
  pane.append(caption, canvas);
  return pane;
}

function show(book) {
  const { frames, places, channels, height, width } = book.header;
  const area = height * width;
  book.canvases.forEach((canvas, pane) => {
    const picture = new ImageData(width, height);
    const from = (pane * frames + book.at) * area * channels;
    for (let pixel = 0; pixel < area; pixel++) {
      for (let colour = 0; colour < 3; colour++) {
        picture.data[4 * pixel + colour] = book.pixels[from + pixel + (channels === 3 ? colour * area : 0)];
      }
      picture.data[4 * pixel + 3] = 255;
    }
    canvas.getContext("2d").putImageData(picture, 0, 0);
  });
  book.slider.value = book.at;
  book.slider.setAttribute("aria-valuetext", places[book.at]);
  book.root.style.setProperty("--done", `${(100 * book.at) / Math.max(1, frames - 1)}%`);
  book.output.textContent = places[book.at];
}

function run(book) {
  const turn = (now) => {
    if (!book.playing) {
      book.running = 0;
      return;
    }
    if (now >= book.due) {
      const { frames, milliseconds, rest, back } = book.header;
      if (frames > 1) {
        if (back) {
          if (book.at >= frames - 1) book.step = -1;
          if (book.at <= 0) book.step = 1;
          book.at += book.step;
        } else {
          book.at = (book.at + 1) % frames;
        }
        show(book);
      }
      const end = book.at === 0 || book.at === frames - 1;
      book.due = now + (end ? rest : milliseconds) * (book.slower ? SLOWER : 1);
    }
    book.running = requestAnimationFrame(turn);
  };
  book.due = 0;
  book.running = requestAnimationFrame(turn);
}
