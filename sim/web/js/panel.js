// Sliders over the varied inputs, the sentence below them, and what can be copied.

function fillPanel() {
  const sliders = document.getElementById("sliders");
  if (INPUTS.length === 0) sliders.append(el("p", {}, say("settings.none")));
  INPUTS.forEach((input, i) => {
    const id = `slider-${i}`;
    const value = el("output", { for: id, id: `${id}-value` });
    const slider = el("input", {
      type: "range", id, min: "0", max: String(input.order.length - 1), step: "1",
      oninput: () => change({ at: replaced(state.at, i, input.order[Number(slider.value)]) }),
    });
    sliders.append(el("div", { class: "slider" }, el("label", { for: id }, input.label), value, slider,
      el("span", { class: "ends" }, el("span", {}, settingText(i, input.order[0])), el("span", {}, settingText(i, input.order.at(-1))))));
  });
  const actions = [];
  if (INPUTS.length) actions.push(button(say("settings.back"), () => change({ at: placesOf(DATA.reference) }), { id: "back" }));
  actions.push(
    button(say("settings.copy_run"), () => copy(runCommand()), { id: "copy-run" }),
    button(say("settings.copy_sweep"), () => copy(sweepCommand()), { id: "copy-sweep" }),
    button(say("settings.copy_address"), () => copy(location.href), { id: "copy-address" }),
  );
  document.getElementById("buttons").append(...actions);
  const list = document.querySelector("#box ul");
  list.append(...WORDS.box.text.map((text) => el("li", {}, text)));
}

function updatePanel() {
  INPUTS.forEach((input, i) => {
    const text = settingText(i, state.at[i]);
    const slider = document.getElementById(`slider-${i}`);
    slider.value = String(input.order.indexOf(state.at[i]));
    slider.setAttribute("aria-valuetext", text);
    document.getElementById(`slider-${i}-value`).textContent = text;
  });
  document.getElementById("sentence").textContent = sentence(currentCell());
}

// One sentence in counts on a cell, and one a headline on the difference to the reference.
function sentence(cell) {
  const found = HEADLINES.map((name) => estimate(name, cell));
  const values = { settings: settingsText(placesOf(cell)) };
  for (const [i, name] of ["begun", "stopped"].entries()) {
    values[name] = clauseOf(HEADLINES[i]);
    values[`${name}_count`] = countOfRuns(found[i].value);
    values[`${name}_low`] = countOf(found[i].low);
    values[`${name}_high`] = countOf(found[i].high);
  }
  const first = say(INPUTS.length ? "sentence.now" : "sentence.all_same", values);
  if (!INPUTS.length) return first;
  if (cell === DATA.reference) return `${first} ${say("sentence.same")}`;
  return [first, ...found.map((each, i) => differenceText(each, whatOf(HEADLINES[i])))].join(" ");
}

function differenceText({ diff, diffLow: low, diffHigh: high }, what) {
  if (low > 0) return say("sentence.more", { what, difference: hundred(diff), low: hundred(low), high: hundred(high) });
  if (high < 0) return say("sentence.fewer", { what, difference: hundred(-diff), low: hundred(-high), high: hundred(-low) });
  return say("sentence.no_telling", { what, difference: signed(Math.round(diff * 100), whole), low: hundred(low), high: hundred(high) });
}

// Words of a command, quoted for a shell where need be.
const quoted = (word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replace(/'/g, `'"'"'`)}'`);
function command(name, ...more) {
  const [scenario, ...set] = ABOUT.command_scenario;
  const own = INPUTS.flatMap((input, i) => ["--set", `${input.path}=${input.shown[state.at[i]]}`]);
  const varied = new Set(INPUTS.map((input) => input.path));
  const kept = [];
  for (let i = 0; i + 1 < set.length; i += 2) if (!varied.has(set[i + 1].split("=")[0])) kept.push(set[i], set[i + 1]);
  return ["ceasefire", name, scenario, ...kept, ...own, "--seed", String(ABOUT.seed), ...more].map(quoted).join(" ");
}
const runCommand = () => command("run", "--replicate", String(DATA.story.replicate));
const sweepCommand = () =>
  command("sweep", "--replicates", String(DATA.cells.replicates[currentCell()]), "--within-days", String(ABOUT.within_days), "--out", "DIR");

async function copy(text) {
  let key = "settings.copied";
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    key = "settings.copy_yourself";
  }
  const [before, after] = say(key).split("{text}");
  document.getElementById("copied").replaceChildren(before, el("code", {}, text), after ?? "");
}
