// The door for own data: files by choice or drop, points drawn or pasted; one upload at a time.
// canvas.js, axes.js, life.js, dropped.js, parcel.js and sprinkle.js are put before this file.

const HINTS = {
  images: "PNG or JPEG files, a folder of them, or one zip, npz, npy or CSV file",
  points: "A CSV, npy or npz file with two columns of numbers",
};
const FEWEST_POINTS = 4;

export default function (component) {
  const { data, setTriggerValue } = component;
  const upload = lifeOf(component, ".upload", create);
  if (!upload) return undefined;
  if (upload.kind !== data[0].kind) upload.error.textContent = "";
  Object.assign(upload, data[0], { tell: () => setTriggerValue("arrived", Date.now()) });
  upload.root.classList.toggle("of-points", upload.kind === "points");
  upload.hint.textContent = `${HINTS[upload.kind]}; ${Math.floor(upload.most_bytes / 1e6)} MB at most`;
  upload.plane.paint();
  return upload.leave;
}

function create(root) {
  const upload = { root, isBusy: false };
  const part = (name) => root.querySelector(`.${name}`);
  for (const name of ["hint", "status", "error", "use", "undo", "clear"]) upload[name] = part(name);
  for (const [press, input] of [["files", "of-files"], ["folder", "of-folder"]]) {
    const chosen = part(input);
    part(press).onclick = () => chosen.click();
    chosen.onchange = () => {
      const files = [...chosen.files];
      chosen.value = ""; // the same file can be chosen again
      send(upload, files);
    };
    if (press === "folder") part(press).hidden = !("webkitdirectory" in chosen);
  }
  upload.plane = planeOn(part("plane"), (points) => {
    upload.error.textContent = ""; // it was about what was sent before
    offer(upload, points);
  });
  upload.undo.onclick = () => upload.plane.undo();
  upload.clear.onclick = () => upload.plane.clear();
  upload.use.onclick = () => send(upload, [new File([tableOf(upload.plane.points)], "drawn.csv")]);
  part("paste").onclick = () => send(upload, [new File([root.querySelector("textarea").value], "pasted.csv")]);
  offer(upload, []);
  droppable(upload, part("drop"));
  upload.release = () => upload.plane.release();
  return upload;
}

function offer({ use, undo, clear }, points) {
  use.textContent = points.length ? `Use these ${points.length} points` : "Use these points";
  use.disabled = points.length < FEWEST_POINTS;
  undo.disabled = clear.disabled = !points.length;
}

function droppable(upload, place) {
  const over = (isOver) => upload.root.classList.toggle("over", isOver);
  place.ondragover = (event) => {
    event.preventDefault();
    over(true);
  };
  place.ondragleave = () => over(false);
  place.ondrop = (event) => {
    event.preventDefault();
    over(false);
    droppedFiles(event.dataTransfer, upload.most_files).then(
      (files) => (files.length ? send(upload, files) : (upload.error.textContent = "What was dropped is no file.")),
      () => (upload.error.textContent = "What was dropped cannot be read."),
    );
  };
}

async function send(upload, files) {
  if (upload.isBusy || !files.length) return;
  const { root, status, error } = upload;
  error.textContent = refusalOf(files, upload);
  if (error.textContent) return;
  upload.isBusy = true;
  root.classList.add("busy");
  status.textContent = "Sending, then looking at it …";
  try {
    await sent(files, upload.ticket);
    upload.tell();
  } catch (problem) {
    error.textContent = problem.message;
  } finally {
    upload.isBusy = false;
    root.classList.remove("busy");
    status.textContent = "";
  }
}
