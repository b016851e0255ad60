// The files of what is dropped. A browser hands a folder over as an entry that must be read; its files are named with
// their paths in it, as those of a chosen folder are.

const paths = new WeakMap(); // of the files of dropped folders

const pathOf = (file) => paths.get(file) ?? (file.webkitRelativePath || file.name);

// The files of a drop, those of folders too, or one more than `most`. What it holds is there only until the event's
// handler returns, so it is taken out before anything is waited for.
async function droppedFiles({ items, files }, most) {
  const given = [...files];
  const entries = [...items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  return entries.some((entry) => entry.isDirectory) ? filesOf(entries, most) : given;
}

// All files of entries and of the folders among them, or one more than `most`.
async function filesOf(entries, most, found = []) {
  for (const entry of entries) {
    if (found.length > most) break;
    if (entry.isDirectory) await filesOfFolder(entry, most, found);
    else {
      const file = await new Promise((done, failed) => entry.file(done, failed));
      paths.set(file, entry.fullPath.replace(/^\//, ""));
      found.push(file);
    }
  }
  return found;
}

async function filesOfFolder(folder, most, found) {
  const reader = folder.createReader();
  while (found.length <= most) {
    // A hundred at a time in Chromium; none at the end.
    const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!some.length) return;
    await filesOf(some, most, found);
  }
}
