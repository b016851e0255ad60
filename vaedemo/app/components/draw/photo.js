// A picture of the visitor's own as the digit x. The browser alone reads it: only the 784 levels leave this device.
// digit.js is put before this file.

const LARGEST_FILE = 30e6; // bytes

// The levels of a picture's middle square; a light border makes it a dark sign on white paper, which is swapped.
async function levelsOfFile(file) {
  if (file.size > LARGEST_FILE) throw new Error(`A picture may have ${LARGEST_FILE / 1e6} MB.`);
  const picture = await createImageBitmap(file).catch(() => {
    throw new Error("This browser cannot read that file as a picture.");
  });
  const side = Math.min(picture.width, picture.height);
  const canvas = new OffscreenCanvas(SIDE, SIDE);
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff"; // behind what is transparent
  context.fillRect(0, 0, SIDE, SIDE);
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, (picture.width - side) / 2, (picture.height - side) / 2, side, side, 0, 0, SIDE, SIDE);
  picture.close();
  const levels = greysOf(context.getImageData(0, 0, SIDE, SIDE).data);
  return isLight(levels) ? swapped(levels) : levels;
}

// The levels of RGBA pixels, by their luma (Rec. 601).
function greysOf(pixels) {
  return Array.from({ length: pixels.length / 4 }, (_, index) => {
    const [red, green, blue] = pixels.slice(4 * index, 4 * index + 3);
    return Math.round(((0.299 * red + 0.587 * green + 0.114 * blue) * (LEVELS - 1)) / 255);
  });
}

// Whether most pixels of the border are nearer to white.
function isLight(levels) {
  const isEdge = (index) => [0, SIDE - 1].includes(index % SIDE) || [0, SIDE - 1].includes(Math.floor(index / SIDE));
  const edge = levels.filter((_, index) => isEdge(index)).sort((a, b) => a - b);
  return edge[Math.floor(edge.length / 2)] > (LEVELS - 1) / 2;
}

const swapped = (levels) => levels.map((level) => LEVELS - 1 - level);
