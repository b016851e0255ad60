// What the two sliders of the KL page move: q over z, the integrand of KL(q‖p), and the numbers in the words. The same
// formulas as in lessons/kl/sketches.py and integrand.py, where each has its words; a test compares the two.

const WHOLE = 40; // the areas are summed over z from −40 to 40
const PARTS = 80_000;
const LOG_TAU = Math.log(2 * Math.PI);

const logDensity = (z, mean, variance) => -0.5 * ((z - mean) ** 2 / variance + Math.log(variance) + LOG_TAU);

// q log(q/p) at z, for q = N(e, variance) and p = N(0, 1).
function integrand(z, e, variance) {
  const logQ = logDensity(z, e, variance);
  return Math.exp(logQ) * (logQ - logDensity(z, 0, 1));
}

// The positive and the negative area under the integrand, in nats.
function areasOf(e, variance) {
  const step = (2 * WHOLE) / PARTS;
  const areas = [0, 0];
  for (let part = 0; part <= PARTS; part++) {
    const value = integrand(-WHOLE + part * step, e, variance) * step;
    areas[value > 0 ? 0 : 1] += value;
  }
  return areas;
}

// A number as Python writes it: a tie goes to the even digit.
function written(value, digits) {
  const scaled = Math.abs(value) * 10 ** digits;
  const low = Math.floor(scaled);
  const even = scaled - low === 0.5 && low % 2 === 0;
  const text = (even ? low / 10 ** digits : Math.abs(value)).toFixed(digits);
  return value < 0 ? `−${text}` : text;
}

// The points of a line, which long lists send as the bytes of 32-bit floats.
function pointsOf(list) {
  if (list.f4 === undefined) return list;
  return [...new Float32Array(Uint8Array.from(atob(list.f4), (letter) => letter.charCodeAt(0)).buffer)];
}

// p and q over z, each named beside its peak.
function normalsOf(spec, e, sigma) {
  const [p, q, nameOfP, nameOfQ] = spec.layers;
  const z = pointsOf(p.x);
  const densities = z.map((each) => Math.exp(logDensity(each, e, sigma ** 2)));
  const peak = Math.max(...densities);
  const side = e > 0 ? -1 : 1; // p's name stands on the side away from q
  const top = 1.3 * Math.max(peak, ...pointsOf(p.y));
  return {
    ...spec,
    label: `p = N(0, 1) and q = N(${e.toFixed(1)}, ${sigma.toFixed(2)}²) over z`,
    y: { ...spec.y, range: [0, top] },
    layers: [
      p,
      { ...q, y: densities },
      { ...nameOfP, x: side * 1.2, align: side < 0 ? "right" : "left" },
      { ...nameOfQ, x: e, y: peak },
    ],
  };
}

// The integrand with its two areas; they are written where there are any.
function areaPictureOf(spec, e, variance, areas) {
  const [over, under, line, ...names] = spec.layers;
  const z = pointsOf(line.x);
  const values = z.map((each) => integrand(each, e, variance));
  const [most, least] = [Math.max(...values), Math.min(...values)];
  const [high, low] = [Math.max(most, 0.05), Math.min(least, 0)];
  const room = 0.35 * (high - low);
  const step = [0.1, 0.2, 0.5, 1, 2, 5, 10].find((each) => each >= high / 2.5);
  const places = [
    { x: z[values.indexOf(most)], y: high, text: `area +${written(areas[0], 3)}` },
    { x: z[values.indexOf(least)], y: low, text: `area −${written(-areas[1], 3)}` },
  ];
  return {
    ...spec,
    y: { ...spec.y, range: [low - room, high + room], ticks: [0, 1, 2].map((place) => [step * place, (step * place).toFixed(1)]) },
    layers: [
      { ...over, high: values.map((value) => Math.max(value, 0)) },
      { ...under, low: values.map((value) => Math.min(value, 0)) },
      { ...line, y: values },
      ...(areas[0] > 5e-4 ? names.map((name, index) => ({ ...name, ...places[index] })) : []),
    ],
  };
}

// `shown`: the two sketches as the page was sent them. KL = ½(V − log V − 1 + E²).
function follow({ e, sigma }, shown) {
  const variance = sigma ** 2;
  const [mean, width] = [e ** 2 / 2, (variance - Math.log(variance) - 1) / 2];
  const [normals, area] = shown.map(([text]) => JSON.parse(text));
  const pictures = [normalsOf(normals, e, sigma), areaPictureOf(area, e, variance, areasOf(e, variance))];
  const numbers = { total: mean + width, mean, width, variance, logarithm: Math.log(variance), square: e ** 2 };
  return {
    messages: pictures.map((picture) => [JSON.stringify(picture)]),
    texts: Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, written(value, 2)])),
  };
}
