// Puts a decoder where the explorer of the page finds it, under its name; the last few are kept.

const KEPT = 4;

export default function (component) {
  const { data } = component;
  if (!data) return undefined;
  const decoders = (globalThis.vaedemoDecoders ??= { kept: new Map(), waiting: new Set() });
  const length = new DataView(data.buffer, data.byteOffset, data.byteLength).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(data.subarray(4, 4 + length)));
  decoders.kept.delete(header.name);
  decoders.kept.set(header.name, { header, values: data.slice(4 + length).buffer });
  for (const name of decoders.kept.keys()) {
    if (decoders.kept.size > KEPT) decoders.kept.delete(name);
  }
  for (const tell of decoders.waiting) tell();
  return undefined;
}
