// Figure 8: outcomes run by run, one dot each, at the reader's pace.

const DOTS = DATA.worlds.dots;
const KIND_ORDER = ["settled", "truce", "defeat", "pause", "war"]; // what holds comes first
const FIGHTS = ["pause", "war"];

// The runs of a cell: replicate, day on which the fighting stops for good, day on which a
// first full truce begins, kind of end.
function endsOf(cell) {
  const packed = ofCell(DATA.worlds.ends, cell);
  const [days, begun] = [unpacked(packed.day), unpacked(packed.begun)];
  return unpacked(packed.kind).slice(0, DOTS).map((kind, replicate) => ({ replicate, day: days[replicate], begun: begun[replicate], kind, end: DATA.worlds.kinds[kind][0] }));
}

function kindText(kind) {
  const [end, detail] = DATA.worlds.kinds[kind];
  return say(`dots.kinds.${end}`, { detail: nameOf(detail) });
}

function dotsTools() {
  const step = (count, text, id) => button(text, () => showDots(count), { id, disabled: state.dots >= DOTS });
  return [step(1, say("dots.next"), "dots-next"), step(10, say("dots.ten"), "dots-ten"), step(DOTS, say("dots.all", { count: DOTS }), "dots-all"),
    button(say("dots.clear"), () => change({ dots: 0 }), { id: "dots-clear", disabled: state.dots === 0, class: "quiet" })];
}

function showDots(count) {
  const focused = document.activeElement?.id;
  change({ dots: Math.min(DOTS, state.dots + count) });
  if (focused?.startsWith("dots-")) (document.getElementById(focused).disabled ? document.getElementById("dots-clear") : document.getElementById(focused)).focus();
}

const runText = (run) =>
  say(Number.isFinite(run.day) ? "dots.run_day" : "dots.run", { replicate: run.replicate, kind: kindText(run.kind), day: run.day })
  + (run.replicate === STORY.replicate ? ` (${say("dots.ringed")})` : "");

// Places of dots that never lie on one another: columns of days, stacks in each; runs
// without a full truce fill a block of their own behind the last day.
function stackedDots(runs, kinds, x, size, edge, perColumn) {
  const heights = new Map();
  return runs.map((run) => {
    const row = kinds.indexOf(run.kind);
    const n = heights.get(row) ?? 0;
    if (run.end === "war") {
      heights.set(row, n + 1);
      return { ...run, row, cx: edge + size * (0.5 + Math.floor(n / perColumn)), level: n % perColumn };
    }
    const column = Math.floor(x(run.end === "pause" ? run.begun : run.day) / size);
    const key = `${row} ${column}`;
    const level = heights.get(key) ?? 0;
    heights.set(key, level + 1);
    return { ...run, row, cx: (column + 0.5) * size, level };
  });
}

figure({
  id: "dots",
  heading: () => say("dots.heading"),
  tools: dotsTools,
  draw(width) {
    const all = endsOf(currentCell());
    const kinds = [...new Set(all.map((run) => run.kind))].sort((a, b) => {
      const place = (kind) => KIND_ORDER.indexOf(DATA.worlds.kinds[kind][0]);
      return place(a) - place(b) || a - b;
    });
    const shown = all.slice(0, state.dots);
    const counts = (runs) => joined(kinds.map((kind) => ({ kind, n: runs.filter((run) => run.kind === kind).length })).filter(({ n }) => n)
      .map(({ kind, n }) => say("dots.item", { number: n, kind: kindText(kind) })));
    const held = shown.filter((run) => ["settled", "truce"].includes(run.end));
    const begun = shown.filter((run) => run.begun <= ABOUT.within_days);
    const ended = shown.filter((run) => Number.isFinite(run.begun) && run.begun !== run.day);
    const text = shown.length === 0 ? say("dots.none") : [
      say("dots.caption", { shown: shown.length, count: DOTS, list: counts(shown) }),
      shown.length === DOTS ? say("dots.caption_headlines", { begun_count: begun.length, count: DOTS, begun: clauseOf(HEADLINES[0]), stopped_count: held.length, stopped: clauseOf(HEADLINES[1]), ended: ended.length }) : "",
    ].join(" ");
    const latest = shown.at(-1);
    return {
      nodes: [dotsPicture(all, shown, kinds, width), below(say("dots.x"))],
      alt: say("dots.alt", { last: HORIZON, caption: text }),
      caption: [latest ? el("p", { role: "status", class: "latest" }, `${runText(latest)}.`) : null, text],
      table: { columns: ["replicate", "end", "day_stopped", "day_truce_begun"], rows: shown.map((run) => [run.replicate, kindText(run.kind), run.day, run.begun]) },
    };
  },
});

function dotsPicture(all, shown, kinds, width) {
  const size = width < 480 ? 8 : 10;
  const perColumn = 7;
  const fighting = all.filter((run) => run.end === "war").length;
  const block = fighting ? size * (Math.ceil(fighting / perColumn) + 1) : size;
  const edge = width - block;
  const x = d3.scaleLinear([0, HORIZON], [4, edge - 10]);
  const placed = stackedDots(all, kinds, x, size, edge, perColumn);
  const heights = kinds.map((_, row) => Math.max(1, d3.max(placed.filter((dot) => dot.row === row), (dot) => dot.level + 1) ?? 1));
  let top = 0;
  const bottoms = heights.map((levels) => (top += 22 + levels * size));
  const height = top + 24;
  const svg = d3.create("svg").attr("viewBox", `0 0 ${width} ${height}`).attr("width", width).attr("height", height).attr("class", "dots");
  kinds.forEach((kind, row) => {
    svg.append("text").attr("x", 0).attr("y", bottoms[row] - heights[row] * size - 6).text(kindText(kind));
    svg.append("line").attr("x1", 0).attr("x2", width).attr("y1", bottoms[row] + 1).attr("y2", bottoms[row] + 1).attr("stroke", LIGHT_GREY);
  });
  for (const day of dayTicks(HORIZON)) {
    svg.append("text").attr("class", "tick").attr("x", x(day)).attr("y", height - 4).attr("text-anchor", day ? "middle" : "start").text(day);
  }
  const dots = placed.filter((dot) => dot.replicate < shown.length);
  svg.selectAll("circle").data(dots).join("circle").attr("cx", (dot) => dot.cx).attr("cy", (dot) => bottoms[dot.row] - (dot.level + 0.5) * size)
    .attr("r", size / 2 - 1.2).attr("fill", (dot) => (FIGHTS.includes(dot.end) ? "white" : INK)).attr("stroke", INK).attr("stroke-width", 1.1)
    .append("title").text(runText);
  svg.selectAll(".ring").data(dots.filter((dot) => dot.replicate === STORY.replicate)).join("circle").attr("class", "ring")
    .attr("cx", (dot) => dot.cx).attr("cy", (dot) => bottoms[dot.row] - (dot.level + 0.5) * size).attr("r", size / 2 + 2.6).attr("fill", "none").attr("stroke", INK).attr("stroke-width", 1.8);
  return svg.node();
}
