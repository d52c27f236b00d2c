"""`ceasefire lesson`: a lesson read in the terminal, its experiment run."""

import math
import re
import sys
from collections.abc import Iterator, Sequence

import click

from sim.api.lessons.definition import folders, open_lesson
from sim.api.lessons.run import LessonRun, run_lesson
from sim.api.lessons.sources import Source
from sim.batch.estimates import BEGUN, STOPPED
from sim.batch.files import write_whole
from sim.cli import options
from sim.cli.tables import MOST_WIDE, Column, aligned, headed, paragraph, width_of
from sim.errors import printable

_OUTCOMES = {BEGUN: "a full truce begins", STOPPED: "the fighting has stopped"}
_HEAD = 20  # letters of a line of a column's words
_EXPERIMENT = "## The experiment"


def _finite(text: str) -> float:
    """Return a guess as a number; click.BadParameter if it is none, or has no end."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise click.BadParameter(f"'{printable(text, 40)}' is not a number.")
    return number


@click.command()
@click.argument("number", metavar="[NUMBER]", type=int, required=False)
@click.option("--guess", type=_finite, metavar="NUMBER", help="Your own guess.")
@click.option(
    "--answers", is_flag=True, help="Print the answers to the exercises as well."
)
@click.option(
    "--keep",
    is_flag=True,
    help="For developers, in a checkout: replace the figure that the lesson shows.",
)
@options.out_option("Folder for the figure, its table and all numbers.")
@options.output_options("force", "quiet")
def lesson(
    number: int | None,
    guess: float | None,
    answers: bool,
    keep: bool,
    output: options.Output,
) -> None:
    """Read a lesson and run its experiment.

    Without NUMBER, all lessons are listed. With NUMBER, the text of the lesson is
    printed and its experiment is run, which takes seconds. In a terminal you are asked
    for a guess before the experiment.
    """
    if number is None:
        click.echo("\n".join(_list()))
        return
    chosen = open_lesson(number)
    names = ("figure.svg", "figure.png", "figure.csv", "figure.txt", "numbers.json")
    if output.out is not None:
        paths = [output.out / name for name in names]
        options.refuse_existing(paths, reads=[], force=output.force)
    before, _, after = chosen.text.partition(f"{_EXPERIMENT}\n")
    click.echo("\n".join(readable(before, answers=answers)))
    if guess is None and not output.quiet and sys.stdin.isatty():
        guess = click.prompt("Your guess, as a number", value_proc=_finite, err=True)
    found = run_lesson(chosen)
    click.echo("\n".join(_experiment(found, guess, answers=answers)))
    rest = after.partition("\n## ")[2]
    click.echo("\n".join(["", *readable(f"## {rest}", answers=answers)]))
    if output.out is not None:
        found.save(output.out)
        output.say(f"written to {output.out}: figure.*, numbers.json")
    if keep:
        write_whole(chosen.folder / "figure.svg", found.contents()["figure.svg"])


def _list() -> Iterator[str]:
    for each in map(open_lesson, folders()):
        yield f"{each.number:2}  {click.style(each.title, bold=True)}"
        yield f"    {each.question}"
    yield ""
    yield (
        "`ceasefire lesson 1` starts the first lesson, which takes ten minutes to read."
    )


def _experiment(
    found: LessonRun, guess: float | None, *, answers: bool
) -> Iterator[str]:
    """Tell what was run: tables, the guess beside the answer, the figure in words."""
    yield click.style(_EXPERIMENT.removeprefix("## "), bold=True)
    named = found.sources if answers else found.lesson.sources
    for name in named:
        yield ""
        yield from table_of(found.sources[name])
    yield ""
    yield paragraph(f"The question: {found.to_guess}")
    yield f"The model: {found.answer}"
    if guess is not None:
        yield f"Your guess: {guess:g}"
    yield ""
    yield click.style(f"Figure: {found.figure.title}", bold=True)
    yield from map(paragraph, found.figure.caption.splitlines())
    yield paragraph(f"In words: {found.figure.alt_text}")


# ---- tables --------------------------------------------------------------------------


def table_of(source: Source) -> Iterator[str]:
    """Return a source as lines: its settings, then its columns, headed by words."""
    yield paragraph(f"{source.name}: {source.origin}")
    settings = [_column(words, source, path) for path, words in source.varied.items()]
    block: list[Column] = []
    for column, words in source.columns.items():
        new = _column(words, source, column)
        room = MOST_WIDE - 2  # the indent
        if block and width_of([*settings, *block, new], _HEAD) > room:
            yield from _headed(settings, block)
            yield ""
            block = []
        block.append(new)
    yield from _headed(settings, block)


def _headed(settings: list[Column], block: list[Column]) -> list[str]:
    columns = [*settings, *block]
    return headed(columns, _HEAD, right=range(len(settings), len(columns)))


def _column(words: str, source: Source, column: str) -> Column:
    """Return the words of a column and its cells; shares are counts of 100 runs."""
    counted = "runs in which"
    of_100 = column.endswith("_share") and words.startswith(counted)
    head = words.replace(counted, "runs of 100 in which", 1) if of_100 else words
    written = _count if of_100 else _exact if column in source.varied else _short
    ends = ("", "_low", "_high") if f"{column}_low" in source.table else ("",)
    cells = []
    for row in range(len(source.table)):
        found = (source.table[f"{column}{end}"].iloc[row] for end in ends)
        told, *interval = map(written, found)
        cells.append(f"{told} ({' to '.join(interval)})" if interval else told)
    return Column(head, cells)


def _count(share: float) -> str:
    return f"{100.0 * share:.1f}" if share == share else "none"


def _exact(setting: object) -> str:
    """Return a setting as it was given."""
    if isinstance(setting, str) or setting is None:
        return _OUTCOMES.get(str(setting), str(setting).replace("_", " "))
    return f"{setting:.6g}"


def _short(number: float) -> str:
    """Return a number with three digits, and whole from 100 on."""
    if number != number:
        return "none"
    number = round(number, 9)
    return f"{number:,.0f}" if abs(number) >= 100.0 else f"{number:.3g}"


# ---- text ----------------------------------------------------------------------------

_STRESS = re.compile(r"\*\*(.+?)\*\*|(?<!\*)\*([^*]+?)\*", re.DOTALL)
_DETAILS = re.compile(r"<details>\n.*?</details>\n", re.DOTALL)


def readable(page: str, *, answers: bool) -> Iterator[str]:
    """Return a page of Markdown as lines for a terminal, without marks and links.

    Answers that the page hides are left out unless they are asked for.
    """
    page = re.sub(r"<!--.*?-->", "", page, flags=re.DOTALL)
    if not answers:
        page = _DETAILS.sub("(Answers: add --answers to the command.)\n", page)
    page = re.sub(r"</?details>\n?|</?summary>", "", page)
    page = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", page)
    page = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", page)
    page = _STRESS.sub(r"\1\2", page)
    for block in re.split(r"\n{2,}", page.strip()):
        yield from _block(block)
        yield ""


def _block(block: str) -> Iterator[str]:
    """Return a paragraph, heading, list or table as lines."""
    lines = block.split("\n")
    if block.startswith("#"):
        yield click.style(block.lstrip("# "), bold=True)
    elif block.startswith("|"):
        rows = [_cells(line) for line in lines if not re.match(r"\|[ :|-]+\|$", line)]
        yield from aligned(rows, right=range(1, len(rows[0])))
    elif block.startswith("```"):
        yield from (f"    {line}" for line in lines if not line.startswith("```"))
    else:
        for item in re.split(r"\n(?=- |\d\. )", block.removeprefix("> ")):
            first = re.match(r"- |\d\. ", item)
            text = paragraph(" ".join(item.split()), indent=2 if first else 0)
            yield text.replace("  - ", "  - ", 1)


def _cells(line: str) -> Sequence[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]
