// An axis on which equal lengths hold equal shares of N(0, 1), and the tiles of a plane on any axes. axes.js is put
// before this file.

// Φ(z), with an error below 10⁻⁷ (Abramowitz and Stegun, 26.2.17).
function normalShare(z) {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const sum = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * sum;
  return z > 0 ? 1 - tail : tail;
}

// The z below which a share of N(0, 1) lies, by halving.
function normalQuantile(share) {
  let [low, high] = [-8, 8];
  for (let round = 0; round < 48; round++) {
    const middle = (low + high) / 2;
    if (normalShare(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

MAPS.normal = { to: normalShare, back: normalQuantile };

// The middle of a tile's side on one axis; tiles are equally wide on the screen.
function tileMiddle({ extent, map, tiles }, index) {
  const axis = MAPS[map];
  const [low, high] = [axis.to(-extent), axis.to(extent)];
  return axis.back(low + ((index + 0.5) / tiles) * (high - low));
}
