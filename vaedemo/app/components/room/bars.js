// The counts of one or two votes, an option a row.

function barsOf(vote, options, mine, { tellsRight }) {
  const texts = [...options, "Not sure"];
  const totals = vote.counts.map((counts) => Math.max(1, counts.reduce((sum, count) => sum + count)));
  const table = make("div", "bars");
  texts.forEach((text, place) => {
    if (place === options.length && vote.counts.every((counts) => !counts[place])) return;
    const row = make("div", "row");
    const head = make("div", "text", text);
    if (tellsRight && place === vote.right) head.append(make("span", "sign", "✓"));
    row.append(head);
    vote.counts.forEach((counts, round) => {
      const bar = make("div", round === 0 ? "amount" : "amount second");
      bar.style.setProperty("--share", `${(100 * counts[place]) / totals[round]}%`);
      const share = Math.round((100 * counts[place]) / totals[round]);
      const own = mine[round] === (place === options.length ? -1 : place) ? " · you" : "";
      bar.append(make("span", "count", `${counts[place]} · ${share}%${own}`));
      bar.setAttribute("role", "img");
      bar.setAttribute("aria-label", `${round === 0 ? "First" : "Second"} vote, ${text}: ${counts[place]}, ${share}%`);
      row.append(bar);
    });
    table.append(row);
  });
  if (vote.counts.length > 1) table.append(make("p", "key", "Upper bar: first vote, alone. Lower bar: second vote, after talking."));
  return table;
}
