"""Run a lesson: its numbers as a table, its figure, both kept in out/lessons.

    python experiments/lessons/run.py 3 [--guess NUMBER] [--out FOLDER]

A guess is set beside the model's answer. `--keep` also renews the figure that the
lesson shows. Exit codes: 0, 2 for a usage error, 4 if the lesson is not there.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from lesson_parts.definition import Lesson, folders, open_lesson
from lesson_parts.marks import evaluate, written_out
from lesson_parts.picture import FORECAST, draw
from lesson_parts.sources import Source, source_of

from sim import __version__
from sim.batch.files import together, write_whole
from sim.cli.tables import aligned, paragraph
from sim.errors import CeasefireError
from sim.plots.figure import files_of

OUT = Path("out/lessons")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a lesson's numbers and write its files."""
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").partition("\n")[0],
        epilog=f"lessons: {', '.join(each.name for each in folders().values())}",
    )
    parser.add_argument("number", type=int, metavar="NUMBER", help="1 to 8")
    parser.add_argument("--guess", type=float, help="your own, before you look")
    parser.add_argument("--out", type=Path, default=OUT, help=f"default: {OUT}")
    parser.add_argument("--answers", action="store_true", help="to the exercises, too")
    parser.add_argument("--keep", action="store_true", help="renew the lesson's figure")
    given = parser.parse_args(arguments)
    try:
        run(**vars(given))
    except CeasefireError as error:
        print(f"lesson {given.number}: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def run(
    number: int,
    out: Path,
    *,
    guess: float | None = None,
    answers: bool = False,
    keep: bool = False,
) -> Path:
    """Run a lesson, print its tables and write its files; return their folder."""
    lesson = open_lesson(number)
    sources = {
        name: source_of(name, given, lesson.folder)
        for name, given in (lesson.sources | lesson.exercises).items()
    }
    numbers: dict[str, float] = {}
    for source in sources.values():
        numbers |= source.numbers()
    figure = draw(lesson, sources, numbers)
    print(f"Lesson {lesson.number}: {lesson.title}")
    for name in sources if answers else lesson.sources:
        print("\n".join(["", *_table(sources[name])]))
    print("", *_guessed(lesson, numbers, guess), sep="\n")
    command = f"python experiments/lessons/run.py {number}"
    metadata = {"version": __version__, "command": command}
    folder = out / lesson.name
    contents = files_of(figure, ("svg", "png", "csv"), metadata)
    text = json.dumps({"lesson": lesson.name, "numbers": numbers}, indent=1)
    with together() as put:
        for name, content in contents.items():
            put(folder / name, content)
        put(folder / "numbers.json", text + "\n")
    if keep:
        svg = (folder / "figure.svg").read_bytes()
        write_whole(lesson.folder / "figure.svg", svg)
    print("", *map(paragraph, figure.caption.splitlines()), sep="\n")
    print(f"Written to {folder}: figure, CSV, numbers.json.")
    return folder


def _table(source: Source) -> list[str]:
    """Return a source as lines: settings, then each column, intervals in brackets."""
    heads = list(source.columns)
    rows = [[*source.varied, *heads]]
    table = source.table
    for row in range(len(table)):
        cells = [source.setting(row).split(",")] if source.varied else [[]]
        for column in heads:
            text = _short(table[column].iloc[row])
            if f"{column}_low" in table:
                ends = (table[f"{column}{end}"].iloc[row] for end in ("_low", "_high"))
                text += f" [{' to '.join(map(_short, ends))}]"
            cells[0].append(text)
        rows += cells
    words = [f"  {name}: {told}" for name, told in source.columns.items()]
    return [f"{source.name} ({source.origin})", *aligned(rows), *words]


def _guessed(
    lesson: Lesson, numbers: dict[str, float], guess: float | None
) -> list[str]:
    answer = f"{evaluate(lesson.guess.answer, numbers):.{lesson.guess.digits}f}"
    says = written_out(lesson.guess.says, numbers)
    told = [f"To guess: {says}", f"The model: {answer} ({FORECAST})"]
    return told if guess is None else [*told, f"Your guess: {guess:g}"]


def _short(value: float) -> str:
    return f"{round(value, 9):.4g}" if value == value else "none"


if __name__ == "__main__":
    sys.exit(main())
