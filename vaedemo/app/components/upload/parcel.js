// An upload's body, and its way to the server. vaedemo/uploads/decoder.py reads the same layout: the length of the
// header (4 bytes, big-endian), the header { files: [{ name, size }] } as JSON, the files one after another.
// dropped.js is put before this file.

const TICKET = "X-Vaedemo-Ticket";
const AGAIN_MILLISECONDS = 1_500; // where others upload at the same time, it is tried again after about so long
const MOST_TRIES = 12;

// The parts of a body, for a Blob. A file of a folder is named with its path in it: its folder is its class.
function partsOf(files) {
  const header = { files: files.map((file) => ({ name: pathOf(file), size: file.size })) };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = new DataView(new ArrayBuffer(4));
  length.setUint32(0, text.length, false);
  return [length.buffer, text, ...files];
}

// What is wrong with these files before any is sent: a sentence, or "".
function refusalOf(files, { most_bytes, most_files }) {
  const size = files.reduce((sum, file) => sum + file.size, 0);
  if (!files.length) return "There is no file in it.";
  if (files.length > most_files) return `An upload may have ${most_files} files; these are more.`;
  if (size < most_bytes - 100 * files.length) return "";
  return `An upload may have ${Math.floor(most_bytes / 1e6)} MB in all; this is ${(size / 1e6).toFixed(1)} MB.`;
}

// Send files; resolves to what the server found. Throws an error whose message is a sentence.
async function sent(files, ticket) {
  const body = new Blob(partsOf(files));
  for (let tries = 1; ; tries++) {
    const answer = await fetch(new URL("upload", import.meta.url), {
      method: "POST",
      headers: { [TICKET]: ticket, "Content-Type": "application/octet-stream" },
      body,
      cache: "no-store",
    }).catch(() => null);
    const told = await answer?.json().catch(() => null);
    if (answer?.ok && told) return told;
    if (!told?.again || tries === MOST_TRIES) {
      throw new Error(told?.error ?? "The server did not take these files: the connection ended.");
    }
    await new Promise((done) => setTimeout(done, AGAIN_MILLISECONDS * (0.5 + Math.random())));
  }
}
