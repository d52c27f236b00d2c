// The tabs beside the figures: what the scenario is, and where the numbers come from.

function fillAbout() {
  const words = (name) => [...(WORDS.scenarios[ABOUT.scenario_id]?.[name] ?? []), ...(WORDS.scenarios.any?.[name] ?? [])];
  const list = (texts, lines) => el("ul", {}, ...texts.map((text) => el("li", {}, text, lines ? el("span", { class: "paper lines" }, say("about.your_answer")) : null)));
  const part = (name, nodes, id = name) => el("section", { "aria-labelledby": `about-${id}` }, el("h2", { id: `about-${id}` }, say(`about.${name}`)), ...nodes);
  document.getElementById("about").append(
    part("what", [el("p", { class: "scenario" }, ABOUT.scenario_title), words("what").length ? list(words("what")) : null,
      ABOUT.notes ? el("details", {}, el("summary", {}, say("about.notes")), el("p", {}, ABOUT.notes)) : null].filter(Boolean)),
    part("how", [list(words("how"))]),
    part("notice", [list(words("notice"), true)]),
    part("try", [list(words("try"), true)]),
    part("left_out", [list(words("left_out"))], "left"),
  );
}

function fillSource() {
  const { count, dots } = DATA.worlds;
  const known = Object.entries(ABOUT.known).map(([path, about]) => [path, about.value, about.low ?? "", about.high ?? "", about.source || say("source.assumption")]);
  const columns = ["path", "value", "low", "high", "source"].map((name) => say(`source.known_columns.${name}`));
  const cells = () => {
    const names = Object.keys(DATA.cells);
    const rows = DATA.cells.replicates.map((_, cell) =>
      [cell, ...placesOf(cell).map((place, i) => INPUTS[i].settings[place]), ...names.map((name) => DATA.cells[name][cell])]);
    return { columns: ["cell", ...INPUTS.map((input) => input.path), ...names], rows };
  };
  document.getElementById("source").append(
    el("h2", {}, say("source.heading_data")),
    el("p", {}, button(say("source.csv_cells"), () => { const { columns: names, rows } = cells(); download(`${ABOUT.scenario_id}-cells.csv`, csvText(names, rows)); }, { id: "csv-cells" })),
    el("h2", {}, say("source.heading_how")),
    el("p", {}, say("source.made_by", { version: ABOUT.version })), el("pre", {}, el("code", {}, ABOUT.command)),
    el("p", {}, say("source.scenario", { id: ABOUT.scenario_id, hash: ABOUT.scenario_hash, seed: ABOUT.seed, runs: runsText() })),
    el("p", {}, say("source.worlds", { count: number(count, whole), dots })),
    el("p", {}, say(DATA.days.every > 1 ? "source.days_thinned" : "source.days", { runs: DATA.days.runs, every: DATA.days.every })),
    Object.values(DATA.observed).some((seen) => seen.day) ? el("p", {}, say("source.observed")) : "",
    el("p", {}, say("source.libraries")), el("p", {}, say("source.cite")),
    el("h2", {}, say("source.known")), el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("source.known") }, table(columns, known)),
    ABOUT.sources.length ? el("h2", {}, say("about.sources")) : "", el("ul", {}, ...ABOUT.sources.map((text) => el("li", {}, text))),
  );
}
