// Figure 3: both headlines along one input, side by side, and paired differences.

// The sets of inputs that are shown: those that fit the record, or all.
const fits = () => Boolean(DATA.fitted) && state.fit;
const setsShown = () => (fits() ? DATA.fitted : DATA.unknown);

// The cells of the line on which a cell lies along an input, with all that is drawn.
function lineOf(headline, i, cell) {
  const unknown = setsShown()?.[headline];
  return lineAlong(i, cell).map((each) => {
    const place = placesOf(each)[i];
    const found = estimate(headline, each);
    const [diff, diffLow, diffHigh] = DATA.worlds.along[headline][i][each];
    return { cell: each, x: INPUTS[i].numeric ? INPUTS[i].settings[place] : settingText(i, place), text: settingText(i, place),
      share: found.value, low: found.low, high: found.high, diff, diffLow, diffHigh,
      unknownLow: unknown?.low[each], unknownHigh: unknown?.high[each], unknownMean: unknown?.mean[each] };
  });
}

const chipOfInput = (i) => /^chips\.(\w+)\.(?:area_km2|amount)/.exec(INPUTS[i].path)?.[1];

function endsText(headline, line) {
  const [first, last] = [line[0], line.at(-1)];
  if (Math.max(first.share, last.share) * BASE < 0.5)
    return say("curve.few", { clause: clauseOf(headline), first: first.text, last: last.text, base: BASE });
  return say("curve.ends", { clause: clauseOf(headline), first: first.text, last: last.text, from: countOf(first.share), to: countOf(last.share), base: BASE,
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
  const shown = setsShown();
  if (!shown) return say("figure.luck_only");
  const { sets, facts } = shown;
  const ways = HEADLINES.map((headline) => {
    const [higher, lower] = shown[headline].along[i][cell];
    return say("curve.unknown_way", { what: whatOf(headline), higher, lower, same: sets - higher - lower, first: line[0].text, last: line.at(-1).text });
  });
  const outside = HEADLINES.flatMap((headline) => {
    const away = lineOf(headline, i, cell).filter((row) => row.share < row.unknownLow || row.share > row.unknownHigh).length;
    return away ? [say("curve.outside_at", { what: whatOf(headline), count: away, all: line.length })] : [];
  });
  const beyond = outside.length ? [say("curve.outside", { list: joined(outside) })] : [];
  return [fits() ? say("curve.fitted", { sets, facts }) : say("curve.unknown", { sets }), ...beyond, ...ways].join(" ");
}

// One panel: the shares of a headline above, their differences below.
function curvePanel(spec, headline, line, { cell, frame, numeric, seen, differences, revealed }) {
  const { stroke, dash } = LOOKS[headline];
  const here = line.filter((row) => row.cell === cell);
  const top = [
    DATA.unknown && numeric ? Plot.areaY(line, { x: "x", y1: "unknownLow", y2: "unknownHigh", fill: UNKNOWN, stroke: LINE_GREY, strokeWidth: 0.6 }) : null,
    fits() && numeric ? Plot.line(line, { x: "x", y: "unknownMean", stroke: LINE_GREY, strokeWidth: 1.4, strokeDasharray: "2,2" }) : null,
    DATA.unknown && !numeric ? Plot.ruleX(line, { x: "x", y1: "unknownLow", y2: "unknownHigh", stroke: UNKNOWN, strokeWidth: 12 }) : null,
    numeric ? Plot.areaY(line, { x: "x", y1: "low", y2: "high", fill: LIGHT_GREY, fillOpacity: 0.9 }) : null,
    numeric ? Plot.line(line, { x: "x", y: "share", stroke, strokeWidth: 2, strokeDasharray: dash ?? undefined }) : null,
    Plot.ruleX(line, { x: "x", y1: "low", y2: "high", stroke, strokeWidth: 1 }),
    Plot.dot(line, { x: "x", y: "share", r: 2.8, fill: stroke }),
    Plot.dot(here, { x: "x", y: "share", r: 8, stroke, strokeWidth: 1.8 }),
  ];
  const marks = [
    Plot.ruleY([0], { stroke: LINE_GREY }),
    Plot.ruleX(line, { x: "x", y1: "diffLow", y2: "diffHigh", stroke }),
    Plot.dot(line, { x: "x", y: "diff", r: 2.6, fill: stroke }),
  ];
  const observed = seen ? [
    Plot.ruleX([seen[0]], { stroke: INK, strokeWidth: 1, y1: 0, y2: 1.05 }),
    Plot.rect([seen], { x1: seen[1], x2: seen[2], y1: 1.04, y2: 1.1, fill: OBSERVED, stroke: INK, strokeWidth: 0.8 }),
  ] : [];
  const above = plot({ ...frame, height: 280, y: countAxis(), marks: [COUNT_RULES(), ...(revealed ? top : []), ...observed, ...guessMarks(spec, 0.01, headline)] });
  const heading = header(say("curve.y", { clause: clauseOf(headline) }));
  if (!revealed) return [heading, above];
  const under = plot({ ...frame, height: 110, marginTop: 8, y: { domain: differences, ticks: 3, tickFormat: (share) => signed(Math.round(100 * share), whole), label: null },
    marks: [Plot.gridY({ ticks: 3, stroke: LIGHT_GREY, strokeOpacity: 1 }), ...marks] });
  return [heading, above, header(say("curve.difference", { setting: line[0].text })), under];
}

figure({
  id: "curve",
  heading: () => {
    const chip = chipOfInput(state.along);
    return chip ? say("curve.heading_chip", { chip: nameOf(chip) }) : say("curve.heading", { input: INPUTS[state.along].label });
  },
  tools: () => [...(DATA.fitted ? [select("inputs", say("curve.inputs"), [say("curve.inputs_fit"), say("curve.inputs_all")], state.fit ? 0 : 1,
    (place) => { change({ fit: place === 0 }); document.getElementById("inputs").focus(); })] : []), ...(INPUTS.length < 2 ? [] : [select("along", say("curve.along"), INPUTS.map((input) => input.label), state.along,
    (along) => { const guesses = { ...state.guesses }; delete guesses.curve; change({ along, guesses, shown: state.shown.filter((name) => name !== "curve") }); document.getElementById("along").focus(); })])],
  guess: () => ({
    most: 100,
    points: HEADLINES.flatMap((headline) => {
      const line = lineOf(headline, state.along, currentCell());
      return [line[0], line.at(-1)].map((row) => ({ panel: headline, x: row.x, ask: say("guess.curve", { clause: clauseOf(headline), setting: row.text }),
        found: countOf(row.share), what: say("guess.curve_what", { setting: row.text, what: whatOf(headline) }) }));
    }),
  }),
  draw(width, revealed) {
    const i = state.along, cell = currentCell(), input = INPUTS[i], numeric = input.numeric;
    const lines = HEADLINES.map((headline) => lineOf(headline, i, cell));
    const seen = DATA.observed[chipOfInput(i)]?.start;
    const xs = lines[0].map((row) => row.x), each = pairWidth(width);
    const domain = numeric ? [Math.min(0, d3.min(xs)), Math.max(d3.max(xs), seen?.[2] ?? -Infinity)] : xs;
    const x = numeric ? { domain, nice: false, ticks: Math.min(8, each / 70), label: null } : { type: "point", domain, label: null };
    const frame = { width: each, x, marginLeft: 44, marginRight: 24 };
    const every = lines.flat();
    const [low, high] = [Math.min(0, d3.min(every, (row) => row.diffLow)), Math.max(0, d3.max(every, (row) => row.diffHigh))];
    const room = Math.max(0, 0.1 - (high - low)) / 2 + 0.1 * (high - low);
    const drawn = { cell, frame, numeric, seen: numeric ? seen : undefined, differences: [low - room, high + room], revealed };
    const panels = HEADLINES.map((headline, k) => curvePanel(this, headline, lines[k], drawn));
    const label = axisText(input);
    const held = INPUTS.length > 1 ? say("curve.held", { label, settings: settingsText(state.at, [i]) }) : label;
    const texts = HEADLINES.map((headline, k) => [endsText(headline, lines[k]), verdictText(lines[k])]);
    const unknown = DATA.unknown ? key("unknown", unknownText(i, cell, lines[0])) : say("figure.luck_only");
    const observed = seen ? key("observed", say("curve.observed", { date: dateOf(0), mid: number(seen[0], whole), low: number(seen[1], whole), high: number(seen[2], whole) })) : null;
    const keys = revealed ? [key("luck", say("curve.bands")), unknown, observed] : [observed];
    const [first, last] = [lines[0][0].text, lines[0].at(-1).text];
    const parts = ["share", "low", "high", "diff", "diffLow", "diffHigh", ...(DATA.unknown ? ["unknownLow", "unknownHigh"] : [])];
    const ends = ["", "_low", "_high", "_diff", "_diff_low", "_diff_high", ...(DATA.unknown ? ["_inputs_low", "_inputs_high"] : [])];
    return {
      nodes: [pair(panels), below(held)],
      alt: revealed ? say("curve.alt", { input: input.label, first, last, ends: texts.flat().join(" ") }) : say("guess.empty"),
      caption: revealed ? [...texts.map(([text, verdict]) => el("p", {}, el("strong", {}, text), ` ${verdict}`)), el("p", { class: "keys" }, ...keys)] : [el("p", { class: "keys" }, ...keys)],
      table: revealed ? { columns: [input.path, ...HEADLINES.flatMap((headline) => ends.map((end) => headline + end))],
        rows: lines[0].map((row, place) => [row.x, ...lines.flatMap((line) => parts.map((part) => line[place][part]))]) } : null,
    };
  },
});
