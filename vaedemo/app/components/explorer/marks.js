// A class is known by its colour and by its shape.

const FULL = 2 * Math.PI;

// The plotly names of the markers: corners, first angle in degrees, radius of the inner corners (1: a plain polygon).
const MARKERS = {
  square: [4, 45, 1],
  diamond: [4, 0, 1],
  "triangle-up": [3, -90, 1],
  "triangle-down": [3, 90, 1],
  pentagon: [5, -90, 1],
  star: [5, -90, 0.45],
  cross: [4, 0, 0.4],
  hexagram: [6, -90, 0.58],
  x: [4, 45, 0.4],
};

function traceMarker(context, marker, x, y, radius) {
  context.beginPath();
  if (!MARKERS[marker]) {
    context.arc(x, y, radius, 0, FULL);
    return;
  }
  const [corners, start, inner] = MARKERS[marker];
  const plain = inner === 1;
  const steps = plain ? corners : 2 * corners;
  for (let step = 0; step < steps; step++) {
    const angle = (start * Math.PI) / 180 + (step * FULL) / steps;
    const reach = 1.25 * radius * (plain || step % 2 === 0 ? 1 : inner);
    context.lineTo(x + reach * Math.cos(angle), y + reach * Math.sin(angle));
  }
  context.closePath();
}

const colourOf = (look, index) => look.classes[index % look.classes.length];
const markerOf = (look, index) => look.markers[(index + Math.floor(index / look.classes.length)) % look.markers.length];

function drawMark(canvas, look, index) {
  const density = window.devicePixelRatio || 1;
  canvas.width = canvas.height = Math.round(12 * density);
  const context = canvas.getContext("2d");
  context.setTransform(density, 0, 0, density, 0, 0);
  traceMarker(context, markerOf(look, index), 6, 6, 4.25);
  context.fillStyle = colourOf(look, index);
  context.fill();
}
