// The room's line above a lesson. news.js, places.js, door.js and elements.js are put before this file.

function drawLine(life) {
  const { data, root } = life;
  const { told, refused, gone } = room;
  const state = [data.code, data.present, leads(), told?.here, told?.where, refused, gone, follows(), isThere(data), life.said, hasResult(data)];
  fill(root, JSON.stringify(state), () => {
    const name = make("span", "name", "Room ");
    name.append(make("strong", "", data.code));
    if (gone) return [make("span", "refused", refused), button("Close", () => leave(life))];
    const parts = leads() ? lineOfLecturer(life, name) : [name, ...lineOfStudent(life)];
    const words = refused || life.said;
    return words ? [...parts, make("span", "refused", words)] : parts;
  });
}

const hasResult = (data) => results.has(voteName(data)) && hasAnswers(voteOn(data));

function lineOfStudent(life) {
  const { data } = life;
  const leaving = button("Leave the room", () => leave(life), "quiet");
  if (!room.told) return [make("span", "", room.refused ? "" : "Connecting…"), leaving];
  if (!room.told.where) return [make("span", "", "You are in. The lecturer has not begun."), leaving];
  if (isThere(data) && follows()) return [make("span", "", "Following the lecturer."), leaving];
  const back = () => {
    setFollows(true);
    goTo(data, room.told.where);
    drawLine(life);
  };
  return [button("Go to the lecturer’s step", back, "main"), leaving];
}

function lineOfLecturer(life, name) {
  const { data, root } = life;
  const here = make("span", "here", `${room.told?.here ?? 0} here`);
  if (data.present) {
    const parts = [button(`Room ${data.code}`, () => showDoor(root, data.code), "chip"), here];
    return hasResult(data) ? [...parts, button("The class", () => showResult(root, data), "chip")] : parts;
  }
  const say = (words) => {
    life.said = words;
    drawLine(life);
  };
  return [
    name,
    here,
    button("Show the code", () => showDoor(root, data.code)),
    button("Your phone", async () => {
      const made = await order("ticket", {}, say);
      if (made) showDoor(root, data.code, made.ticket);
    }),
    button("Save the counts", async () => {
      const made = await order("table", {}, say);
      if (made) download(made.csv, `vaedemo-room-${data.code}.csv`);
    }),
    button("End the room", async () => {
      if (await order("end", {}, say)) leave(life);
    }),
  ];
}

function leave(life) {
  sayGoodbye();
  remember(null);
  attend();
  life.send("room", introduction(null));
}

function download(text, name) {
  const link = make("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
