// A guess before the curve: two numbers, drawn at once, then compared with the model.

const isShown = (spec) => !spec.guess || state.shown.includes(spec.id);

// spec.guess() returns points [{x, ask, what, found}], most, start.
function drawGuess(spec) {
  const guess = spec.guess();
  if (isShown(spec)) {
    const again = button(say("guess.again"), () => {
      const guesses = { ...state.guesses };
      delete guesses[spec.id];
      change({ shown: state.shown.filter((name) => name !== spec.id), guesses });
      spec.guess_node.querySelector("input")?.focus();
    }, { class: "quiet" });
    spec.guess_node.replaceChildren(el("ul", { class: "told", role: "status" }, ...toldItems(spec, guess)), again);
    return;
  }
  // Redrawing must not take the field from under the reader's hands.
  if (spec.guess_node.contains(document.activeElement) && document.activeElement.matches("input")) {
    if (spec.asked === askedText(guess)) return;
  }
  spec.asked = askedText(guess);
  const values = state.guesses[spec.id] ?? [];
  const fields = guess.points.map((point, i) => {
    const id = `guess-${spec.id}-${i}`;
    return el("p", {}, el("label", { for: id }, point.ask), " ",
      el("input", { type: "number", id, min: "0", max: String(guess.most), step: "any", inputmode: "decimal",
        value: Number.isFinite(values[i]) ? String(values[i]) : "", oninput: () => setGuess(spec, guess) }),
      el("span", { class: "paper blank" }));
  });
  const show = el("button", { type: "submit" }, say("guess.show"));
  const skip = button(say("guess.skip"), () => reveal(spec, false), { class: "quiet" });
  const form = el("form", { class: "guess", "aria-label": say("guess.heading"),
    onsubmit: (event) => { event.preventDefault(); reveal(spec, true); } },
    el("p", { class: "guess-heading" }, say("guess.heading")), ...fields, el("p", {}, show, " ", skip));
  spec.guess_node.replaceChildren(form);
}

const askedText = (guess) => guess.points.map((point) => point.ask).join("\n");

function fieldsOf(spec, guess) {
  return [...spec.guess_node.querySelectorAll("input")].map((field) =>
    field.value === "" || !Number.isFinite(field.valueAsNumber) ? NaN : Math.min(guess.most, Math.max(0, field.valueAsNumber)));
}

function setGuess(spec, guess) {
  const values = fieldsOf(spec, guess);
  if (values.some(Number.isNaN)) return;
  change({ guesses: { ...state.guesses, [spec.id]: values } });
}

function reveal(spec, guessed) {
  if (guessed && !state.guesses[spec.id]) {
    const empty = [...spec.guess_node.querySelectorAll("input")].find((field) => field.value === "");
    (empty ?? spec.guess_node.querySelector("input")).focus();
    return;
  }
  const guesses = { ...state.guesses };
  if (!guessed) delete guesses[spec.id];
  change({ shown: [...state.shown, spec.id], guesses });
  spec.guess_node.querySelector("button")?.focus();
}

function toldItems(spec, guess) {
  const values = state.guesses[spec.id];
  return !values ? [] : guess.points.map((point, i) =>
    el("li", {}, begun(say("guess.told", { what: point.what, guess: number(values[i]), found: point.found }))));
}

// The guess as marks of a figure, or of one of its panels, in `scale` units of its y axis.
function guessMarks(spec, scale = 1, panel = undefined) {
  const values = state.guesses[spec.id];
  if (!values) return [];
  const guess = spec.guess();
  const points = guess.points.map((point, i) => ({ panel: point.panel, x: point.x, y: values[i] * scale })).filter((point) => point.panel === panel);
  const line = guess.start ? [guess.start, ...points] : points;
  // The label lies on the side away from the line.
  const falls = line.length > 1 && line.at(-1).y < line.at(-2).y && line.at(-1).y > 0.2 * line[0].y;
  return [
    Plot.line(line, { x: "x", y: "y", stroke: INK, strokeDasharray: "2 3", strokeWidth: 1.3 }),
    Plot.dot(points, { x: "x", y: "y", symbol: "diamond", r: 5, stroke: INK, fill: "white" }),
    Plot.text(points.slice(-1), { x: "x", y: "y", text: () => say("guess.yours"), dy: falls ? 16 : -14, dx: -6, textAnchor: "end", fill: INK, stroke: "white", strokeWidth: 3 }),
  ];
}
