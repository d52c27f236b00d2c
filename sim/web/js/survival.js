// Figure 5: how long the first war lasts, by Kaplan and Meier, with its band.

function survivalOf(cell) {
  const packed = ofCell(DATA.worlds.survival, cell);
  const column = (name, per) => unpacked(packed[name], per);
  const [surviving, low, high] = ["surviving", "low", "high"].map((name) => column(name, PER_MILLE));
  const atRisk = column("at_risk");
  return column("day").map((day, i) => ({ day, atRisk: atRisk[i], surviving: surviving[i], low: low[i], high: high[i] }));
}

// The step on which a day lies; the curve is that of the last change before it.
const stepAt = (curve, day) => curve.filter((step) => step.day <= day).at(-1);
const leftAt = (curve, day) => (curve.find((step) => step.day >= day) ?? curve.at(-1)).atRisk;
const medianDay = (curve) => curve.find((step) => step.surviving <= 0.5)?.day;

const GUESS_DAYS = [Math.round(HORIZON / 2), HORIZON];

figure({
  id: "survival",
  heading: () => say("survival.heading"),
  guess: () => {
    const curve = survivalOf(currentCell());
    return {
      most: 100, start: { x: 0, y: 1 },
      points: GUESS_DAYS.map((day) => ({ x: day, ask: say("guess.survival", { day }), found: hundred(stepAt(curve, day).surviving),
        what: say("guess.survival_what", { day }) })),
    };
  },
  draw(width, revealed) {
    const cell = currentCell();
    const curve = survivalOf(cell);
    const away = cell !== DATA.reference;
    const reference = survivalOf(DATA.reference);
    const median = medianDay(curve);
    const medianText = median === undefined ? say("survival.no_median", { day: HORIZON }) : say("survival.median", { day: median });
    const ends = [{ curve, text: say("survival.here") }, ...(away ? [{ curve: reference, text: say("survival.reference") }] : [])];
    const marginRight = Math.min(130, width * 0.28);
    const labels = endLabels(ends.map((end) => ({ y: end.curve.at(-1).surviving, text: end.text })), [0, 1.14], 240);
    const ticks = dayTicks(HORIZON);
    const step = { x: "day", curve: "step-after" };
    const marks = revealed ? [
      Plot.areaY(curve, { ...step, y1: "low", y2: "high", fill: LIGHT_GREY }),
      away ? Plot.line(reference, { ...step, y: "surviving", stroke: LINE_GREY, strokeWidth: 1.6, strokeDasharray: "5 3" }) : null,
      Plot.line(curve, { ...step, y: "surviving", stroke: INK, strokeWidth: 2 }),
      median === undefined ? null : Plot.dot([{ day: median }], { x: "day", y: 0.5, r: 4, fill: INK }),
      Plot.text(labels, { x: HORIZON, y: "y", text: "text", textAnchor: "start", dx: 6, fill: INK, lineWidth: (marginRight - 8) / 12 }),
      Plot.text(ticks, { x: (day) => day, y: 0, text: (day) => whole.format(leftAt(curve, day)), dy: 44, fill: LINE_GREY }),
    ] : [];
    const node = plot({ width, height: 310, marginRight, marginBottom: 56, x: dayAxis(HORIZON), y: countAxis(),
      marks: [COUNT_RULES(), ...dayAxes(HORIZON, width), ...marks, ...guessMarks(this, 0.01)] });
    const half = stepAt(curve, GUESS_DAYS[0]), end = curve.at(-1), by = Math.min(ABOUT.within_days, HORIZON);
    const text = say("survival.caption", { day: by, count: countOfRuns(1 - stepAt(curve, by).surviving), median: medianText });
    return {
      nodes: [header(say("survival.y")), node, below(`${say("figure.days")}${revealed ? ` \u00b7 ${say("survival.at_risk")}` : ""}`)],
      alt: revealed ? say("survival.alt", { last: HORIZON, half: number(half.surviving), half_day: GUESS_DAYS[0], end: number(end.surviving), low: number(end.low), high: number(end.high), median: medianText }) : say("guess.empty"),
      caption: revealed ? [text, say("survival.runs", { runs: number(DATA.worlds.count, whole) })] : [],
      table: revealed ? { columns: ["day", "at_risk", "surviving", "low", "high"], rows: curve.map((row) => [row.day, row.atRisk, row.surviving, row.low, row.high]) } : null,
    };
  },
});
