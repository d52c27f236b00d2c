// Figure 9: this setting beside the reference, and the paired difference, by outcome.

function outcomesToCompare() {
  const list = HEADLINES.map((name) => ({ name, text: say("compare.chance", { clause: clauseOf(name) }), format: (v) => number(100 * v, whole), zero: [0, 1] }));
  list.push({ name: "first_full_truce_day_median", text: say("compare.median"), format: (v) => number(v, whole) },
    { name: "longest_pause_days_mean", text: say("compare.pause"), format: (v) => number(v, whole) });
  for (const chip of Object.keys(DATA.chips).slice(0, 2)) list.push({ name: `chips_km2.${chip}_mean`, text: say("compare.chip", { chip: nameOf(chip), unit: unitOf(chip) }), format: (v) => number(v, whole) });
  list.push({ name: "aid_given_mean", text: say("compare.aid"), format: (v) => number(v) });
  return list.filter(({ name }) => DATA.cells[name]);
}

const changedText = (cell) => {
  const [here, there] = [placesOf(cell), placesOf(DATA.reference)];
  return joined(INPUTS.flatMap((input, i) => (here[i] === there[i] ? [] : [say("compare.was", { input: input.label, here: settingText(i, here[i]), before: settingText(i, there[i]) })])));
};

// Of how many runs with the same luck the fighting ends earlier, later, on the same day.
function pairsText(cell) {
  const never = (run) => (Number.isFinite(run.day) ? run.day : Infinity);
  const there = endsOf(DATA.reference).map(never), here = endsOf(cell).map(never);
  const earlier = here.filter((day, i) => day < there[i]).length, later = here.filter((day, i) => day > there[i]).length;
  return say("compare.pairs", { count: DOTS, earlier, later, same: DOTS - earlier - later });
}

function comparePlot(outcome, cell, width) {
  const rows = [["reference", DATA.reference], ["here", cell]].map(([kind, each]) => ({ label: say(`compare.${kind}`), ...estimate(outcome.name, each) }));
  const missing = (value) => value === null || Number.isNaN(value);
  const values = rows.flatMap((row) => [row.value, row.low, row.high]).filter((value) => !missing(value));
  const axis = { width, marginLeft: 96, marginRight: 20, marginTop: 4, marginBottom: 24 };
  const dots = (data, value, low, high) => [
    Plot.ruleY(data, { y: "label", x1: low, x2: high, stroke: INK, strokeWidth: 1.2 }),
    Plot.dot(data, { y: "label", x: value, r: 4.5, fill: INK }),
    Plot.text(data, { y: "label", x: value, text: (row) => outcome.format(row[value]), dy: -11, fill: INK }),
  ];
  const domain = outcome.zero ?? [0, Math.max(1e-9, ...values) * 1.08];
  const there = rows.filter((row) => !missing(row.value)).map((row) => ({ ...row, low: row.low ?? row.value, high: row.high ?? domain[1] }));
  const none = rows.filter((row) => missing(row.value));
  const above = there.length === 0 ? el("p", {}, rows.map((row) => `${row.label}: ${say("numbers.not_reached")}`).join("; ")) : plot({
    ...axis, height: 92, x: { domain, ticks: 4, tickFormat: outcome.zero ? (v) => hundred(v) : undefined, label: null },
    y: { domain: rows.map((row) => row.label), label: null, tickSize: 0 },
    marks: [Plot.gridX({ ticks: 4, stroke: LIGHT_GREY, strokeOpacity: 1 }), ...dots(there, "value", "low", "high"),
      Plot.text(none, { y: "label", x: domain[0], text: () => say("numbers.not_reached"), textAnchor: "start", dx: 4, fill: INK })],
  });
  const change = [rows[1]].filter((row) => !missing(row.diff)).map((row) => ({ ...row, label: say("compare.difference"), diffLow: row.diffLow ?? row.diff, diffHigh: row.diffHigh ?? row.diff }));
  const reach = Math.max(1e-9, ...change.flatMap((row) => [Math.abs(row.diff), Math.abs(row.diffLow), Math.abs(row.diffHigh)])) * 1.15;
  const under = change.length ? plot({ ...axis, height: 56, marginTop: 14, x: { domain: [-reach, reach], ticks: 3, tickFormat: outcome.zero ? (v) => signed(100 * v) : undefined, label: null },
    y: { domain: [change[0].label], label: null, tickSize: 0, axis: null },
    marks: [Plot.ruleX([0], { stroke: LINE_GREY }), Plot.ruleY(change, { y: "label", x1: "diffLow", x2: "diffHigh", stroke: INK, strokeWidth: 1.2 }), Plot.dot(change, { y: "label", x: "diff", r: 4.5, fill: "white", stroke: INK, strokeWidth: 1.4 }),
      Plot.text(change, { y: "label", x: "diff", text: (row) => (row.diff > 0 ? say("numbers.plus", { number: outcome.format(row.diff) }) : outcome.format(row.diff)), dy: -11, fill: INK })] }) : null;
  const box = [header(outcome.text), above, ...(under ? [header(say("compare.difference")), under] : [])];
  return { box, rows };
}

figure({
  id: "compare",
  heading: () => say("compare.heading"),
  draw(width) {
    const cell = currentCell();
    if (cell === DATA.reference) return { nodes: [], caption: [say("compare.none")], alt: "", nothing: true };
    const drawn = outcomesToCompare().map((outcome) => ({ outcome, ...comparePlot(outcome, cell, pairWidth(width)) }));
    const text = (row, part, outcome) => (row[part] === null || row[part] === undefined ? say("numbers.not_reached") : outcome.format(row[part]));
    const list = drawn.map(({ outcome, rows }) => say("compare.alt_item", { what: outcome.text, before: text(rows[0], "value", outcome), here: text(rows[1], "value", outcome),
      difference: text(rows[1], "diff", outcome), low: text(rows[1], "diffLow", outcome), high: text(rows[1], "diffHigh", outcome) })).join(" ");
    const parts = ["value", "low", "high", "diff", "diffLow", "diffHigh"];
    return {
      nodes: [pair(drawn.map(({ box }) => box))],
      alt: say("compare.alt", { list }),
      caption: [el("p", {}, el("strong", {}, pairsText(cell))), say("compare.caption", { changes: changedText(cell) })],
      table: { columns: ["outcome", "setting", ...parts], rows: drawn.flatMap(({ outcome, rows }) => rows.map((row) => [outcome.name, row.label, ...parts.map((part) => row[part])])) },
    };
  },
});
