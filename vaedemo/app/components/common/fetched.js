// Files that the page names by their address. An exported page holds its files and has another `fetched`.

// The bytes of a file that the page named; it lies beside this script. Throws where they cannot be had.
async function fetched(name) {
  const answer = await fetch(new URL(name, import.meta.url));
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}
