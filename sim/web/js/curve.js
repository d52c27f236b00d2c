// Figure 3: the share of runs with a full truce along one input, and paired differences.

// The cells of the line on which a cell lies along an input, with all that is drawn.
function lineOf(i, cell) {
  return lineAlong(i, cell).map((each) => {
    const place = placesOf(each)[i];
    const found = estimate(SHARE, each);
    const [diff, diffLow, diffHigh] = DATA.worlds.along[i][each];
    const unknown = DATA.unknown;
    return { cell: each, x: INPUTS[i].numeric ? INPUTS[i].settings[place] : settingText(i, place), text: settingText(i, place),
      share: found.value, low: found.low, high: found.high, diff, diffLow, diffHigh,
      unknownLow: unknown?.low[each], unknownHigh: unknown?.high[each] };
  });
}

const chipOfInput = (i) => /^chips\.(\w+)\.area_km2/.exec(INPUTS[i].path)?.[1];

function endsText(line) {
  const [first, last] = [line[0], line.at(-1)];
  return say("curve.ends", { first: first.text, last: last.text, from: countOf(first.share), to: countOf(last.share), base: BASE,
    difference: signed(Math.round(100 * last.diff), whole), low: hundred(last.diffLow), high: hundred(last.diffHigh) });
}

// What the differences say about the way, and whether the middle lies beyond both ends.
function verdictText(line) {
  const [first, last] = [line[0], line.at(-1)];
  const texts = [say(last.diffLow > 0 ? "curve.up" : last.diffHigh < 0 ? "curve.down" : "curve.flat")];
  const most = d3.greatest(line, (row) => row.share), least = d3.least(line, (row) => row.share);
  if (most.low > first.high && most.low > last.high) texts.push(say("curve.hump", { share: countOf(most.share), setting: most.text }));
  if (least.high < first.low && least.high < last.low) texts.push(say("curve.dip", { share: countOf(least.share), setting: least.text }));
  return texts.join(" ");
}

function unknownText(i, cell, line) {
  if (!DATA.unknown) return say("figure.luck_only");
  const sets = DATA.unknown.sets;
  const [higher, lower] = DATA.unknown.along[i][cell];
  return say("curve.unknown", { sets, higher, lower, same: sets - higher - lower, first: line[0].text, last: line.at(-1).text });
}

figure({
  id: "curve",
  heading: () => {
    const chip = chipOfInput(state.along);
    return chip ? say("curve.heading_chip", { chip: nameOf(chip) }) : say("curve.heading", { input: INPUTS[state.along].label });
  },
  tools: () => (INPUTS.length < 2 ? [] : [select("along", say("curve.along"), INPUTS.map((input) => input.label), state.along,
    (along) => { const guesses = { ...state.guesses }; delete guesses.curve; change({ along, guesses, shown: state.shown.filter((name) => name !== "curve") }); document.getElementById("along").focus(); })]),
  guess: () => {
    const line = lineOf(state.along, currentCell());
    return { most: 100, points: [line[0], line.at(-1)].map((row) => ({ x: row.x, ask: say("guess.curve", { day: ABOUT.within_days, setting: row.text }),
      found: countOf(row.share), short: (count) => say("guess.curve_short", { number: count, setting: row.text }) })) };
  },
  draw(width, revealed) {
    const i = state.along, cell = currentCell(), input = INPUTS[i], line = lineOf(i, cell);
    const here = line.filter((row) => row.cell === cell);
    const seen = DATA.observed[chipOfInput(i)]?.start;
    const numeric = input.numeric;
    const xs = line.map((row) => row.x);
    const domain = numeric ? [Math.min(0, d3.min(xs)), Math.max(d3.max(xs), seen?.[2] ?? -Infinity)] : xs;
    const x = numeric ? { domain, nice: false, ticks: Math.min(8, width / 70), label: null } : { type: "point", domain, label: null };
    const frame = { width, x, marginLeft: 44, marginRight: 24 };
    const top = [
      DATA.unknown && numeric ? Plot.areaY(line, { x: "x", y1: "unknownLow", y2: "unknownHigh", fill: UNKNOWN, stroke: LINE_GREY, strokeWidth: 0.6 }) : null,
      DATA.unknown && !numeric ? Plot.ruleX(line, { x: "x", y1: "unknownLow", y2: "unknownHigh", stroke: UNKNOWN, strokeWidth: 12 }) : null,
      numeric ? Plot.areaY(line, { x: "x", y1: "low", y2: "high", fill: LIGHT_GREY, fillOpacity: 0.9 }) : null,
      numeric ? Plot.line(line, { x: "x", y: "share", stroke: INK, strokeWidth: 2 }) : null,
      Plot.ruleX(line, { x: "x", y1: "low", y2: "high", stroke: INK, strokeWidth: 1 }),
      Plot.dot(line, { x: "x", y: "share", r: 2.8, fill: INK }),
      Plot.dot(here, { x: "x", y: "share", r: 8, stroke: INK, strokeWidth: 1.8 }),
    ];
    const differences = [
      Plot.ruleY([0], { stroke: LINE_GREY }),
      Plot.ruleX(line, { x: "x", y1: "diffLow", y2: "diffHigh", stroke: INK }),
      Plot.dot(line, { x: "x", y: "diff", r: 2.6, fill: INK }),
    ];
    const [low, high] = [Math.min(0, d3.min(line, (row) => row.diffLow)), Math.max(0, d3.max(line, (row) => row.diffHigh))];
    const room = Math.max(0, 0.1 - (high - low)) / 2 + 0.1 * (high - low);
    const observed = seen && numeric ? [
      Plot.ruleX([seen[0]], { stroke: INK, strokeWidth: 1, y1: 0, y2: 1.05 }),
      Plot.rect([seen], { x1: seen[1], x2: seen[2], y1: 1.04, y2: 1.1, fill: OBSERVED, stroke: INK, strokeWidth: 0.8 }),
      Plot.text([seen], { x: (seen[2] > d3.mean(domain) ? seen[1] : seen[2]), y: 1.07, text: () => say("curve.observed_short", { mid: number(seen[0], whole), low: number(seen[1], whole), high: number(seen[2], whole) }),
        textAnchor: seen[2] > d3.mean(domain) ? "end" : "start", dx: seen[2] > d3.mean(domain) ? -6 : 6, fill: INK }),
    ] : [];
    const above = plot({ ...frame, height: 300, y: countAxis(), marks: [COUNT_RULES(), ...(revealed ? top : []), ...observed, ...guessMarks(this, 0.01)] });
    const under = revealed ? [header(say("curve.difference", { setting: line[0].text })), plot({ ...frame, height: 120, marginTop: 8,
      y: { domain: [low - room, high + room], ticks: 3, tickFormat: (share) => signed(Math.round(100 * share), whole), label: null }, marks: [Plot.gridY({ ticks: 3, stroke: LIGHT_GREY, strokeOpacity: 1 }), ...differences] })] : [];
    const label = axisText(input);
    const held = INPUTS.length > 1 ? say("curve.held", { label, settings: settingsText(state.at, [i]) }) : label;
    const [ends, verdict] = [endsText(line), verdictText(line)];
    const keys = el("p", { class: "keys" }, key("luck", say("curve.bands")), DATA.unknown ? key("unknown", unknownText(i, cell, line)) : say("figure.luck_only"));
    const observedText = seen ? say("curve.observed", { date: dateOf(0), mid: number(seen[0], whole), low: number(seen[1], whole), high: number(seen[2], whole) }) : "";
    return {
      nodes: [header(say("curve.y", { day: ABOUT.within_days })), above, ...under, below(held)],
      alt: revealed ? say("curve.alt", { day: ABOUT.within_days, input: input.label, first: line[0].text, last: line.at(-1).text, ends, verdict }) : say("guess.empty"),
      caption: revealed ? [el("p", {}, el("strong", {}, ends), ` ${verdict}`), keys, observedText] : [observedText],
      table: revealed ? { columns: [input.path, SHARE, "low", "high", "diff", "diff_low", "diff_high", ...(DATA.unknown ? ["inputs_low", "inputs_high"] : [])],
        rows: line.map((row) => [row.x, row.share, row.low, row.high, row.diff, row.diffLow, row.diffHigh, ...(DATA.unknown ? [row.unknownLow, row.unknownHigh] : [])]) } : null,
    };
  },
});
