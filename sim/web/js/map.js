// Figure 4: both headlines over two inputs, and the lines on which they are 25, 50, 75.

const LEVELS = [0.25, 0.5, 0.75];

function gridOf(headline, cell) {
  const { across, up } = state;
  const columns = lineAlong(across, cell);
  return columns.map((column) => lineAlong(up, column).map((each) => ({ cell: each, ...estimate(headline, each) })));
}

// Pieces of the line of a level through a grid of centres, by marching squares.
function piecesOf(grid, level) {
  const pieces = [];
  for (let i = 0; i + 1 < grid.length; i += 1) {
    for (let j = 0; j + 1 < grid[0].length; j += 1) {
      const corners = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]];
      const crossings = corners.flatMap(([a, b], k) => {
        const [c, d] = corners[(k + 1) % 4];
        const [here, there] = [grid[a][b].value - level, grid[c][d].value - level];
        if (here < 0 === there < 0) return [];
        const t = here / (here - there);
        return [[a + t * (c - a), b + t * (d - b)]];
      });
      for (let k = 0; k + 1 < crossings.length; k += 2) pieces.push([crossings[k], crossings[k + 1]]);
    }
  }
  return pieces;
}

// How much further across a level lies in the lowest row than in the highest one.
function offsetText(headline, grid) {
  const { across, up } = state;
  const input = INPUTS[across];
  if (!input.numeric || !INPUTS[up].numeric || grid.length < 3) return "";
  const x = (place) => {
    const values = input.order.map((each) => input.settings[each]);
    const i = Math.min(Math.floor(place), values.length - 2);
    return values[i] + (place - i) * (values[i + 1] - values[i]);
  };
  for (const level of [0.5, 0.25, 0.75]) {
    const found = grid[0].map((_, j) => {
      for (let i = 0; i + 1 < grid.length; i += 1) {
        const [here, there] = [grid[i][j].value - level, grid[i + 1][j].value - level];
        if (here < 0 !== there < 0) return { j, at: x(i + here / (here - there)) };
      }
      return null;
    }).filter(Boolean);
    if (found.length < 2) continue;
    const [low, high] = [found[0], found.at(-1)];
    const more = low.at - high.at;
    const row = (j) => settingText(up, INPUTS[up].order[j]);
    return say(more >= 0 ? "map.more" : "map.less", { what: whatOf(headline), level: hundred(level), up: INPUTS[up].label, up_from: row(high.j), up_to: row(low.j), label: input.label, across: `${number(Math.round(Math.abs(more) * 100) / 100, Math.abs(more) > 10 ? whole : written)}${input.unit}` });
  }
  return "";
}

figure({
  id: "map",
  heading: () => say("map.heading"),
  tools: () => {
    if (INPUTS.length < 3) return [];
    const labels = INPUTS.map((input) => input.label);
    const choose = (name, other) => (i) => { change({ [name]: i, ...(i === state[other] ? { [other]: state[name] } : {}) }); document.getElementById(name).focus(); };
    return [select("across", say("map.across"), labels, state.across, choose("across", "up")), select("up", say("map.up"), labels, state.up, choose("up", "across"))];
  },
  draw(width) {
    if (INPUTS.length < 2) return { nodes: [], alt: "", caption: [say("map.needs_two", { number: INPUTS.length })] };
    const { across, up } = state;
    const here = currentCell(), [xInput, yInput] = [INPUTS[across], INPUTS[up]];
    const grids = HEADLINES.map((headline) => gridOf(headline, here));
    const every = grids.flat(2);
    // The colours span the values shown, the same in both.
    const shade = d3.scaleLinear(d3.extent(every, (each) => each.value), [0, 1]);
    const panels = grids.map((grid, k) => [header(say("curve.y", { clause: clauseOf(HEADLINES[k]) })), mapPicture(grid, here, pairWidth(width), shade)]);
    const others = INPUTS.length > 2;
    const caption = say(others ? "map.caption" : "map.caption_two", { settings: settingsText(state.at, [across, up]) });
    const at = (c) => settingsText(placesOf(c.cell), INPUTS.map((_, i) => i).filter((i) => i !== across && i !== up));
    const list = grids.map((grid, k) => {
      const [most, least] = [d3.greatest(grid.flat(), (c) => c.value), d3.least(grid.flat(), (c) => c.value)];
      return say("map.alt_item", { clause: clauseOf(HEADLINES[k]), low: countOf(least.value), low_at: at(least), high: countOf(most.value), high_at: at(most) });
    }).join(" ");
    const offsets = grids.map((grid, k) => offsetText(HEADLINES[k], grid)).filter(Boolean);
    const parts = ["value", "low", "high"];
    return {
      answers: "curve",
      nodes: [header(axisText(yInput)), pair(panels), below(axisText(xInput))],
      alt: say("map.alt", { across: xInput.label, up: yInput.label, list, half: hundred(d3.max(every, (c) => (c.high - c.low) / 2)) }),
      caption: [...offsets.map((text) => el("p", {}, el("strong", {}, text))), caption],
      table: { columns: [xInput.path, yInput.path, ...HEADLINES.flatMap((headline) => ["", "_low", "_high"].map((end) => headline + end))],
        rows: grids[0].flatMap((column, i) => column.map((c, j) => { const p = placesOf(c.cell); return [xInput.settings[p[across]], yInput.settings[p[up]], ...grids.flatMap((grid) => parts.map((part) => grid[i][j][part]))]; })) },
    };
  },
});

// The grid of one headline; `shade` is the place of a share in the range of colours.
function mapPicture(grid, here, width, shade) {
  const { across, up } = state;
  const [columns, rows] = [grid.length, grid[0].length];
  const [xInput, yInput] = [INPUTS[across], INPUTS[up]];
  const margin = { left: 52, right: 8, top: 6, bottom: 30 };
  const w = (width - margin.left - margin.right) / columns, h = Math.max(26, Math.min(44, w));
  const height = margin.top + margin.bottom + rows * h;
  const svg = d3.create("svg").attr("viewBox", `0 0 ${width} ${height}`).attr("width", width).attr("height", height).attr("class", "map");
  const x = (i) => margin.left + i * w, y = (j) => margin.top + (rows - 1 - j) * h;
  const colour = (c) => d3.interpolateCividis(shade(c.value));
  const cells = grid.flatMap((column, i) => column.map((each, j) => ({ ...each, i, j })));
  const text = (each) => (each.low < 0.5 && each.high > 0.5 ? `(${hundred(each.value)})` : hundred(each.value));
  const box = svg.selectAll("g").data(cells).join("g").attr("class", "cell").on("click", (_, each) => change({ at: placesOf(each.cell) }));
  box.append("rect").attr("x", (c) => x(c.i)).attr("y", (c) => y(c.j)).attr("width", w + 0.4).attr("height", h + 0.4).attr("fill", colour);
  const centre = ([i, j]) => [x(i) + w / 2, y(j) + h / 2];
  for (const level of LEVELS) {
    const path = piecesOf(grid, level).map((piece) => `M${piece.map((point) => centre(point).map((v) => v.toFixed(1)).join(",")).join("L")}`).join("");
    for (const [stroke, size] of [["white", 3.6], [INK, 1.4]]) {
      svg.append("path").attr("d", path).attr("fill", "none").attr("stroke", stroke).attr("stroke-width", size).attr("stroke-dasharray", level === 0.5 ? null : "5 3").attr("pointer-events", "none");
    }
  }
  const each = Math.ceil(17 / w); // narrow columns have no room for every number
  svg.selectAll(".count").data(cells.filter((c) => c.i % each === 0)).join("text").attr("x", (c) => x(c.i) + w / 2).attr("y", (c) => y(c.j) + h / 2).attr("dy", "0.35em")
    .attr("text-anchor", "middle").attr("pointer-events", "none").style("font-size", `${Math.min(12, Math.max(7.5, w / 2.6))}px`)
    .style("paint-order", "stroke").attr("stroke", colour).attr("stroke-width", 5).attr("fill", (c) => (shade(c.value) > 0.55 ? "black" : "white")).text(text);
  const mine = cells.find((c) => c.cell === here);
  for (const [stroke, size] of [["white", 5], ["black", 2.4]]) {
    svg.append("rect").attr("x", x(mine.i) + 1).attr("y", y(mine.j) + 1).attr("width", w - 2).attr("height", h - 2).attr("fill", "none").attr("stroke", stroke).attr("stroke-width", size).attr("pointer-events", "none");
  }
  const every = Math.ceil(44 / w);
  xInput.order.forEach((place, i) => { if (i % every === 0) svg.append("text").attr("class", "tick").attr("x", x(i) + w / 2).attr("y", height - 12).attr("text-anchor", "middle").text(xInput.numeric ? number(xInput.settings[place]) : xInput.shown[place]); });
  yInput.order.forEach((place, j) => svg.append("text").attr("class", "tick").attr("x", margin.left - 6).attr("y", y(j) + h / 2).attr("dy", "0.35em").attr("text-anchor", "end").text(yInput.numeric ? number(yInput.settings[place]) : yInput.shown[place]));
  return svg.node();
}
