// Figure 6: land held outside the stake over the runs that go on, with what was observed.

const FAN_CHIPS = Object.keys(DATA.days.fan);

function fanOf(chip, cell) {
  const packed = ofCell(DATA.days.fan[chip], cell);
  const left = unpacked(DATA.days.in_fan[cell]);
  const columns = Object.fromEntries(Object.entries(packed).map(([name, text]) => [name, unpacked(text)]));
  return unpacked(DATA.days.day).map((day, i) => ({ day, left: left[i], ...Object.fromEntries(Object.keys(columns).map((name) => [name, columns[name][i]])) }));
}
// Equal shares of the runs that are left on the last day; none if no run is.
const dotsOf = (chip, cell) => unpacked(DATA.days.fan[chip].dots[cell]);

// Beside a fan: a dot for each share, at its height, side by side where they are alike.
function drawShares(node, shares, last, width) {
  const most = d3.max(d3.rollup(shares, (alike) => alike.length, (km2) => Math.round(node.scale("y").apply(km2) / SHARE_SIZE)).values()) ?? 1;
  const [left, apart] = [node.scale("x").apply(last) + 12, Math.min(SHARE_SIZE, (width - 14) / most)];
  const levels = new Map();
  const svg = d3.select(node);
  for (const km2 of shares) {
    const row = Math.round(node.scale("y").apply(km2) / SHARE_SIZE);
    const level = levels.get(row) ?? 0;
    levels.set(row, level + 1);
    svg.append("circle").attr("class", "share").attr("cx", left + (level + 0.5) * apart).attr("cy", row * SHARE_SIZE).attr("r", Math.min(2.8, apart / 2)).attr("fill", INK);
  }
}
const SHARE_SIZE = 6.5;

const fanAt = (rows, day) => rows.filter((row) => row.day <= day && Number.isFinite(row.q50)).at(-1) ?? rows[0];
const fanChip = () => FAN_CHIPS[Math.min(state.chip, FAN_CHIPS.length - 1)];

function observedRows(chip) {
  const seen = DATA.observed[chip];
  if (!seen?.day) return [];
  const [mid, low, high] = ["mid", "low", "high"].map((name) => unpacked(seen[name]));
  return unpacked(seen.day).map((day, i) => ({ day, mid: mid[i], low: low[i], high: high[i] }));
}

// On how many observed days the middle value lies in the band of 90, and how well the band
// does: its width, and 20 times what lies outside (Gneiting and Raftery 2007, eq. 43).
function scoreText(rows, series) {
  const byDay = new Map(rows.map((row) => [row.day, row]));
  const both = series.map((seen) => ({ ...seen, band: byDay.get(seen.day) })).filter(({ band }) => band && Number.isFinite(band.q05));
  if (both.length < 2) return "";
  const outside = ({ mid, band }) => Math.max(0, band.q05 - mid, mid - band.q95);
  const score = d3.mean(both, (each) => each.band.q95 - each.band.q05 + 20 * outside(each));
  return say("fan.score", { inside: both.filter((each) => outside(each) === 0).length, days: both.length, score: number(score, whole) });
}

if (FAN_CHIPS.length) figure({
  id: "fan",
  heading: () => say("fan.heading", { chip: nameOf(fanChip()) }),
  tools: () => (FAN_CHIPS.length < 2 ? [] : [select("chip", say("fan.chip"), FAN_CHIPS.map(nameOf), state.chip, (chip) => { change({ chip }); document.getElementById("chip").focus(); })]),
  guess: () => {
    const chip = fanChip(), rows = fanOf(chip, currentCell());
    return { most: 1e6, start: { x: 0, y: rows[0].q50 },
      points: GUESS_DAYS.map((day) => ({ x: Math.min(day, rows.at(-1).day), ask: say("guess.fan", { chip: nameOf(chip), unit: unitOf(chip), day }), found: number(fanAt(rows, day).q50, whole),
        what: say("guess.fan_what", { chip: nameOf(chip), unit: unitOf(chip), day }) })) };
  },
  draw(width, revealed) {
    const chip = fanChip(), cell = currentCell(), rows = fanOf(chip, cell), run = runOf(cell);
    const calm = run.phase.find(([, phase]) => phase !== "war")?.[0] ?? Infinity;
    const own = (run.chips[chip] ?? []).slice(0, calm).map((km2, row) => ({ day: dayOfRow(row), km2 }));
    const observed = observedRows(chip), series = revealed && observed.length > 1 ? observed : [];
    const seen = DATA.observed[chip]?.start;
    const guessed = state.guesses.fan ?? [];
    // At least so much that ticks are whole numbers, and that what was seen has room.
    const top = Math.max(10, d3.max(rows, (row) => row.q95) ?? 0, d3.max(series, (row) => row.high) ?? 0, seen?.[2] ?? 0, ...guessed) / (1 - HEADROOM);
    const end = rows.at(-1).day;
    const ticks = dayTicks(end);
    const marks = revealed ? [
      Plot.areaY(rows, { x: "day", y1: "q05", y2: "q95", fill: LIGHT_GREY }),
      Plot.areaY(rows, { x: "day", y1: "q25", y2: "q75", fill: MID_GREY }),
      Plot.line(own, { x: "day", y: "km2", stroke: LINE_GREY, strokeWidth: 1 }),
      Plot.line(rows, { x: "day", y: "q50", stroke: INK, strokeWidth: 2 }),
      Plot.text(ticks, { x: (day) => day, y: 0, text: (day) => whole.format(fanAt(rows, day).left), dy: 44, fill: LINE_GREY }),
    ] : [];
    const shownSeen = [
      series.length ? Plot.areaY(series, { x: "day", y1: "low", y2: "high", fill: OBSERVED, stroke: INK, strokeWidth: 0.4 }) : null,
      series.length ? Plot.line(series, { x: "day", y: "mid", stroke: INK, strokeWidth: 1.6, strokeDasharray: "1 2" }) : null,
      !series.length && seen ? Plot.ruleX([seen], { x: 0, y1: seen[1], y2: seen[2], stroke: INK, strokeWidth: 2, dx: -4 }) : null,
      !series.length && seen ? Plot.dot([seen], { x: 0, y: seen[0], symbol: "times", r: 4, stroke: INK, dx: -4 }) : null,
    ];
    const shares = revealed ? dotsOf(chip, cell) : [];
    const beside = width < 480 ? 60 : 96;
    const node = plot({ width, height: 310, marginLeft: 52, marginRight: shares.length ? beside : 16, marginBottom: 56, x: dayAxis(end), y: { domain: [0, top], ticks: 5, label: null, tickFormat: (km2) => number(km2, whole) },
      marks: [Plot.gridY({ ticks: 5, stroke: LIGHT_GREY, strokeOpacity: 1 }), ...dayAxes(end, width), ...marks, ...shownSeen, ...guessMarks(this)] });
    if (shares.length) drawShares(node, shares, end, beside);
    const last = fanAt(rows, end), mid = fanAt(rows, GUESS_DAYS[0]);
    const text = say("fan.caption", { runs: DATA.days.runs, day: last.day, median: number(last.q50, whole), low: number(last.q05, whole), high: number(last.q95, whole), left: last.left });
    const observedText = series.length ? say("fan.observed", { first: dateOf(series[0].day), last: dateOf(series.at(-1).day) })
      : seen ? `${say("fan.none_observed")} ${say("curve.observed", { date: dateOf(0), mid: number(seen[0], whole), low: number(seen[1], whole), high: number(seen[2], whole) })}` : "";
    return {
      nodes: [header(say("fan.y", { chip: nameOf(chip), unit: unitOf(chip) })), node, below(`${say("figure.days")}${revealed ? ` \u00b7 ${say("fan.left")}` : ""}`)],
      alt: revealed ? say("fan.alt", { chip: nameOf(chip), unit: unitOf(chip), first: rows[0].day, last: last.day, start: number(rows[0].q50, whole), mid: number(mid.q50, whole), mid_day: mid.day, end: number(last.q50, whole), low: number(last.q05, whole), high: number(last.q95, whole) }) : say("guess.empty"),
      caption: revealed ? [text, shares.length ? say("fan.shares", { number: shares.length, day: end }) : "", say("fan.single"), observedText, scoreText(rows, series)] : [seen ? observedText : ""],
      table: revealed ? { columns: ["day", "runs_left", "q05", "q25", "q50", "q75", "q95"], rows: rows.map((row) => [row.day, row.left, row.q05, row.q25, row.q50, row.q75, row.q95]) } : null,
    };
  },
});
