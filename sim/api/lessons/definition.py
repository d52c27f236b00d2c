"""What `lesson.yaml` says: the sources of a lesson's numbers, and its figure."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.errors import InputMissingError, UsageError
from sim.scenario.library import read_file
from sim.scenario.yaml_file import MAX_BYTES, read

_PACKAGE = Path(__file__).resolve().parents[2]


def lessons_folder() -> Path:
    """Return the folder of the lessons: in the wheel, or in a checkout."""
    in_wheel = _PACKAGE / "_data" / "lessons"
    checkout = _PACKAGE.parent / "experiments" / "lessons"
    return in_wheel if in_wheel.is_dir() else checkout


@dataclass(frozen=True)
class Guess:
    """What to guess first, and the number that answers it."""

    says: str
    answer: str
    digits: int = 0


@dataclass(frozen=True)
class Line:
    """One line: column `y` of a source against its column `x` (default: the varied).

    `at` holds other varied columns at one setting; `party` gives colour and dash.
    """

    label: str
    source: str
    y: str
    x: str | None = None
    at: dict[str, Any] = field(default_factory=dict)
    party: str | None = None


@dataclass(frozen=True)
class Panel:
    """A pair of axes; `shade` fills what lies between its first two lines."""

    header: str
    x_label: str
    lines: list[Line]
    share: bool = True
    shade: bool = False


@dataclass(frozen=True)
class Picture:
    """The figure: a question, its panels side by side, and words with numbers."""

    title: str
    panels: list[Panel]
    caption: str
    alt: str


@dataclass(frozen=True)
class Lesson:
    """One folder of lessons; `sources` are as `sim.api.lessons.sources` reads them.

    Those of `exercises` answer the exercises and are not printed with the others.
    """

    folder: Path
    title: str
    guess: Guess
    sources: dict[str, dict[str, Any]]
    figure: Picture
    exercises: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the name of the folder, such as `03-the-wasting-chip`."""
        return self.folder.name

    @property
    def question(self) -> str:
        """Return what the lesson asks, in a sentence."""
        return self.figure.title

    @property
    def text(self) -> str:
        """Return the text, as Markdown with marks."""
        return (self.folder / "lesson.md").read_text(encoding="utf-8")

    @property
    def number(self) -> int:
        """Return the number that stands first in the name."""
        return int(self.name.partition("-")[0])


def folders() -> dict[int, Path]:
    """Return the folder of each lesson by its number."""
    found = sorted(each.parent for each in lessons_folder().glob("[0-9]*/lesson.yaml"))
    return {int(each.name.partition("-")[0]): each for each in found}


def open_lesson(number: int) -> Lesson:
    """Read a lesson.

    Raises
    ------
    InputMissingError
        If there is none of this number.
    UsageError
        If its file says what no lesson has.
    """
    known = folders()
    if number not in known:
        listed = ", ".join(map(str, known))
        raise InputMissingError(f"there is no lesson {number} (lessons: {listed})")
    file = known[number] / "lesson.yaml"
    document = read(read_file(file, MAX_BYTES), str(file))
    if document.problems:
        raise UsageError(str(document.problems[0]))
    data: Any = document.data
    try:
        figure = data["figure"]
        panels = [
            Panel(**{**each, "lines": [Line(**line) for line in each["lines"]]})
            for each in figure["panels"]
        ]
        return Lesson(
            folder=file.parent,
            figure=Picture(**{**figure, "panels": panels}),
            guess=Guess(**data["guess"]),
            **{key: data[key] for key in data if key not in ("figure", "guess")},
        )
    except (KeyError, TypeError) as error:
        raise UsageError(f"{file.parent.name}/lesson.yaml: {error}") from None
