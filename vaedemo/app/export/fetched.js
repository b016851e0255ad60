// The bytes of a file that this page holds, in place of components/common/fetched.js. Throws where there is none.
async function fetched(name) {
  const text = document.getElementById(`file-${name}`)?.textContent;
  if (text === undefined) throw new Error(`no file ${name}`);
  const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
