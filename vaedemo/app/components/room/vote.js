// The vote on the step's question: buttons for a student, the private count for the lecturer, and the result for all.
// news.js, bars.js and elements.js are put before this file.

function drawVote(life) {
  const { data, root } = life;
  const vote = voteOn(data);
  if (data.told) drawResult(root, data, vote);
  else if (leads()) drawLead(root, data, vote);
  else drawChoices(root, data, vote, life);
}

const waiting = new Set(); // the votes that this screen has shown before their answer, by name
const results = new Map(); // on a stage: the options of the votes whose result it can show, by name
const voteName = ({ lesson, step }) => `${lesson}/${step}`;
const hasAnswers = (vote) => Boolean(vote?.revealed && vote.counts.some((counts) => counts.some(Boolean)));

// A stage has no room below its words: there the result comes as a page over the page, once, and by its button again.
function drawResult(root, data, vote) {
  const shown = hasAnswers(vote);
  fill(root, JSON.stringify(["result", shown && vote, data.present]), () =>
    shown && !data.present ? [make("p", "heading", "The class"), barsOf(vote, data.options, vote.mine, { tellsRight: true })] : [],
  );
  if (!shown || !data.present || results.has(voteName(data))) return;
  results.set(voteName(data), data.options);
  if (waiting.delete(voteName(data))) showResult(root, data);
  tellAll();
}

function showResult(root, data) {
  const vote = voteOn(data);
  const options = results.get(voteName(data));
  if (hasAnswers(vote) && options) overPage(root, [make("h2", "", "The class"), barsOf(vote, options, [], { tellsRight: true })]);
}

// On the projector how many have answered, and never what; on another screen of the lecturer's the counts too.
function drawLead(root, data, vote) {
  if (vote && !vote.revealed) {
    waiting.add(voteName(data));
    results.delete(voteName(data));
  }
  const here = room.told?.here ?? 0;
  const say = (words) => (root.querySelector(".refused").textContent = words);
  fill(root, JSON.stringify(["lead", vote, here, data.present]), () => {
    const parts = [];
    if (data.present) {
      const list = make("ol", "options");
      list.append(...data.options.map((text) => make("li", "", text)));
      parts.push(list);
    } else if (vote) {
      parts.push(barsOf(vote, data.options, [], { tellsRight: true }), make("p", "advice", vote.advice));
    }
    const answered = vote?.answered ?? 0;
    const second = vote?.round > 1 ? "Second vote: talk, then answer again. " : "";
    const closed = vote && !vote.open ? "The vote is closed. " : "";
    parts.push(make("p", "answered", `${second}${closed}${answered} of ${Math.max(here, answered)} have answered.`));
    if (vote?.answered && vote.round < 2) parts.push(button("Vote again", () => order("again", data, say)));
    if (vote && !data.present) {
      if (vote.open) parts.push(button("Close the vote", () => order("close", data, say)));
      parts.push(button("Show the answer", () => order("reveal", data, say)));
    }
    parts.push(make("p", "refused"));
    return parts;
  });
}

function drawChoices(root, data, vote, life) {
  if (!vote) return fill(root, "waiting", () => [make("p", "status", room.refused || "The vote is on its way…")]);
  const now = vote.mine[vote.round - 1] ?? null;
  const before = vote.round > 1 ? vote.mine[0] : null;
  const asked = `${voteName(data)}/${vote.round}`;
  if (life.asked !== asked) Object.assign(life, { asked, refused: "" }); // what was refused in another vote is over
  fill(root, JSON.stringify(["choices", vote, life.refused]), () => {
    const choices = [...data.options.map((text, place) => [place, text]), [-1, "Not sure"]].map(([place, text]) => {
      const choice = button(text, () => choose(life, place), "choice");
      choice.setAttribute("aria-pressed", String(place === now));
      choice.disabled = !vote.open;
      if (place === before) choice.append(make("span", "before", "your first answer"));
      return choice;
    });
    return [make("p", "status", life.refused || wordsFor(vote, now)), ...choices];
  });
}

function wordsFor(vote, now) {
  if (!vote.open) return "The vote is closed.";
  if (now !== null && now !== undefined) return "Your answer is in. You can change it until the vote closes.";
  return vote.round > 1 ? "Second vote: talk with your neighbour, then answer." : "Answer for yourself first.";
}

async function choose(life, option) {
  const { lesson, step } = life.data;
  const vote = voteOn(life.data);
  const { asked } = life;
  const say = (words) => life.asked === asked && (life.refused = words);
  life.refused = "";
  const told = await order("vote", { lesson, step, round: vote.round, option }, say);
  const now = voteOn(life.data);
  if (told && now?.round === vote.round) now.mine = told.mine;
  drawVote(life);
}

// Hands in the hall are counted with the keys 1 to 4, and taken back with Shift.
document.addEventListener("keydown", (event) => {
  const place = ["Digit1", "Digit2", "Digit3", "Digit4"].indexOf(event.code);
  const life = [...votes].find(({ data }) => data.present && !data.told);
  if (place < 0 || !life || !leads() || event.ctrlKey || event.metaKey || event.altKey || isTyping()) return;
  const { lesson, step, options } = life.data;
  const vote = voteOn(life.data);
  if (!vote?.open || place >= options.length) return;
  event.preventDefault();
  order("hand", { lesson, step, round: vote.round, option: place, by: event.shiftKey ? -1 : 1 }, () => {});
});

function isTyping() {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  return Boolean(focused?.matches("input, textarea, select, [contenteditable]"));
}
