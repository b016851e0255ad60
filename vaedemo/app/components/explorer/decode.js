// A decoder in plain JavaScript: linear layers with ReLU between them, or a sheet of decoded codes between which it
// interpolates. `decode(z, place)` fills and returns `output`: the mean of p(x|z), as portable.py defines it.
// The formulas of the mean, `means`, stand before this text: each likelihood's class has its own.

function makeDecoder({ header, values }) {
  return header.kind === "layers" ? layersDecoder(header, new Float32Array(values)) : sheetDecoder(header, values);
}

function layersDecoder(header, numbers) {
  let at = 0;
  const take = (count) => numbers.subarray(at, (at += count));
  const layers = header.layers.map(([outputs, inputs]) => ({
    outputs,
    inputs,
    matrix: take(outputs * inputs),
    bias: take(outputs),
    result: new Float32Array(outputs),
  }));
  const size = header.shape.reduce((product, side) => product * side, 1);
  const output = new Float32Array(size);
  const mean = means[header.mean];
  return {
    shape: header.shape,
    output,
    decode(z) {
      let values = z;
      layers.forEach((layer, index) => {
        multiply(layer, values, index < layers.length - 1);
        values = layer.result;
      });
      for (let place = 0; place < size; place++) output[place] = mean(values, place, size, header.levels);
      return output;
    },
  };
}

function multiply({ outputs, inputs, matrix, bias, result }, values, rectified) {
  let at = 0;
  for (let row = 0; row < outputs; row++) {
    let sum = bias[row];
    for (let column = 0; column < inputs; column++) sum += matrix[at++] * values[column];
    result[row] = rectified && sum < 0 ? 0 : sum;
  }
}

function sheetDecoder(header, values) {
  const { side, extent, shape } = header;
  const size = shape.reduce((product, each) => product * each, 1);
  const [nodes, unit] = shape.length === 3 ? [new Uint8Array(values), 255] : [new Float32Array(values), 1];
  const output = new Float32Array(size);
  return {
    shape,
    output,
    decode(_, place) {
      // Beyond its edge a sheet knows nothing: there the edge is shown.
      const [across, up] = place.map((each) => ((Math.min(extent, Math.max(-extent, each)) + extent) / (2 * extent)) * (side - 1));
      const [column, row] = [across, up].map((each) => Math.min(side - 2, Math.floor(each)));
      const [x, y] = [across - column, up - row];
      const from = (row * side + column) * size;
      const above = from + side * size;
      for (let index = 0; index < size; index++) {
        const low = (1 - x) * nodes[from + index] + x * nodes[from + size + index];
        const high = (1 - x) * nodes[above + index] + x * nodes[above + size + index];
        output[index] = ((1 - y) * low + y * high) / unit;
      }
      return output;
    },
  };
}
