// What the server sent of a plot, the whole plot on a prepared canvas, and its legend. canvas.js, axes.js and draw.js
// are put before this file.

// What a sketch's text says; its long lists of numbers become arrays again.
function unpacked(text) {
  const spec = JSON.parse(text);
  for (const layer of spec.layers) {
    for (const name of Object.keys(layer)) layer[name] = floats(layer[name]);
  }
  return spec;
}

// A long list of numbers comes as the bytes of 32-bit floats; whatever else it is stays as it is.
function floats(value) {
  if (value?.f4 === undefined) return value;
  return new Float32Array(Uint8Array.from(atob(value.f4), (letter) => letter.charCodeAt(0)).buffer);
}

// A whole plot: axes, then the layers inside them; what `moves` is drawn `shift` CSS pixels away. Returns the scale.
function drawPlot(context, spec, width, height, look, shift = [0, 0]) {
  const scale = drawAxes(context, spec, width, height, look);
  clipTo(context, scale.box, 1);
  for (const layer of spec.layers) {
    context.globalAlpha = layer.alpha ?? 1;
    context.save();
    if (layer.moves) context.translate(...shift);
    drawLayer[layer.kind](context, layer, scale, look);
    context.restore();
  }
  context.restore();
  return scale;
}

// One entry of the legend for each layer with a name.
function legendEntries(layers) {
  return layers
    .filter((layer) => layer.name)
    .map((layer) => {
      const entry = document.createElement("span");
      entry.className = "entry";
      const mark = document.createElement("span");
      const shape = { dots: "dot", heat: "block", band: "block", bar: "block" }[layer.kind] ?? layer.dash ?? "";
      mark.className = `mark ${shape}`;
      mark.style.setProperty("--ink", layer.color === "text" ? "currentColor" : layer.color);
      mark.style.setProperty("--strength", layer.alpha ?? 1);
      entry.append(mark, layer.name);
      return entry;
    });
}
