// What all canvases share: a sharp one to draw on, the page's look, bytes, pictures and their grids.

// The inks of paper and its pixels per CSS pixel; life.js says when the page is printed.
const paper = { isUsed: false, text: "#000", background: "#fff", density: 3 };

// A canvas as sharp as the screen, cleared, with CSS pixels as its unit. `size`: its width and height, where known.
function prepared(canvas, size = [canvas.clientWidth, canvas.clientHeight]) {
  const [width, height] = size;
  const density = Math.max(window.devicePixelRatio || 1, paper.isUsed ? paper.density : 0);
  const pixels = [Math.round(width * density), Math.round(height * density)];
  if (canvas.width !== pixels[0] || canvas.height !== pixels[1]) [canvas.width, canvas.height] = pixels;
  const context = canvas.getContext("2d");
  context.setTransform(pixels[0] / (width || 1), 0, 0, pixels[1] / (height || 1), 0, 0);
  context.clearRect(0, 0, width, height);
  context.globalAlpha = 1;
  context.setLineDash([]);
  return { context, width, height, density };
}

// The page's type and inks, and whatever colours come with the data.
function lookOf(root, colours) {
  const style = getComputedStyle(root);
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const screen = { text: style.color, background: style.getPropertyValue("--st-background-color") };
  const { text, background } = paper.isUsed ? paper : screen;
  return {
    font: style.fontFamily,
    text,
    faint: `color-mix(in srgb, ${text} 72%, transparent)`,
    background,
    accent: style.getPropertyValue("--st-primary-color"),
    small: (parseFloat(style.getPropertyValue("--canvas-rem")) || 0.8125) * rem,
    ...colours,
  };
}

// Words over a picture, in the context's colour and font, with a rim of the page's colour, so that nothing strikes them
// through.
function haloed(context, text, x, y, look) {
  context.lineJoin = "round";
  context.lineWidth = 4;
  context.strokeStyle = look.background;
  context.strokeText(text, x, y);
  context.fillText(text, x, y);
}

// A colour for words on a background, all as [red, green, blue]: `ink`, mixed with the `text` colour only as far as a
// contrast of 4.5 needs (WCAG 2.2, 1.4.3).
function legible(ink, background, text) {
  const light = (colour) => {
    const [red, green, blue] = colour.map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05;
  };
  const behind = light(background);
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = ink.map((value, index) => Math.round(value + share * (text[index] - value)));
    const before = light(mixed);
    if (Math.max(before, behind) >= 4.5 * Math.min(before, behind)) return mixed;
  }
  return text;
}

// Pictures (n, C, H, W) below one another at their own size, grey or in colour.
function stripOf({ count, channels, height, width }, pixels) {
  const picture = new ImageData(width, height * count);
  const area = width * height;
  for (let index = 0; index < count; index++) {
    const from = index * area * channels;
    for (let pixel = 0; pixel < area; pixel++) {
      const to = 4 * (index * area + pixel);
      for (let colour = 0; colour < 3; colour++) {
        picture.data[to + colour] = pixels[from + pixel + (channels === 3 ? colour * area : 0)];
      }
      picture.data[to + 3] = 255;
    }
  }
  const strip = new OffscreenCanvas(width, height * count);
  strip.getContext("2d").putImageData(picture, 0, 0);
  return strip;
}

// A grid's sizes in whole device pixels, so that every source pixel becomes a square of the same size. `available`:
// the CSS pixels there are for it; `caption`: those under each picture; `scale`: the largest magnification.
function gridSize({ count, columns, width, height, scale }, available, gap, caption = 0) {
  const density = window.devicePixelRatio || 1;
  const size = { gap: Math.max(1, Math.round(gap * density)), caption: Math.round(caption * density) };
  const room = Math.floor(available * density) - (columns - 1) * size.gap;
  const factor = Math.min(Math.floor(room / (columns * width)), Math.max(1, Math.round(scale * density)));
  // Too narrow even for one device pixel each: shrink, in proportion, rather than run over the edge.
  const cellWidth = factor >= 1 ? factor * width : Math.max(1, Math.floor(room / columns));
  const cellHeight = factor >= 1 ? factor * height : Math.max(1, Math.round((cellWidth * height) / width));
  const rows = Math.ceil(count / columns);
  return Object.assign(size, {
    cellWidth,
    cellHeight,
    sharp: factor >= 1,
    width: columns * (cellWidth + size.gap) - size.gap,
    height: rows * (cellHeight + size.caption + size.gap) - size.gap,
  });
}

// Pictures drawn as a grid of these sizes, on a canvas that becomes as large as it.
function paintGrid(canvas, { count, columns, width, height }, size, strip) {
  const density = window.devicePixelRatio || 1;
  if (canvas.width !== size.width) canvas.width = size.width;
  if (canvas.height !== size.height) canvas.height = size.height;
  canvas.style.width = `${size.width / density}px`;
  canvas.style.height = `${size.height / density}px`;
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, size.width, size.height);
  context.imageSmoothingEnabled = !size.sharp;
  for (let index = 0; index < count; index++) {
    const left = (index % columns) * (size.cellWidth + size.gap);
    const top = Math.floor(index / columns) * (size.cellHeight + size.caption + size.gap);
    context.drawImage(strip, 0, index * height, width, height, left, top, size.cellWidth, size.cellHeight);
  }
}

// A parcel's JSON and what lies behind it: a little-endian length (4 bytes), that many bytes of JSON, the rest.
function opened(data) {
  const end = 4 + new DataView(data.buffer, data.byteOffset, data.byteLength).getUint32(0, true);
  return [JSON.parse(new TextDecoder().decode(data.subarray(4, end))), data.subarray(end)];
}

function same(before, now) {
  return Boolean(before) && before.length === now.length && before.every((byte, index) => byte === now[index]);
}
