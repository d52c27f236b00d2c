"""A lesson run: its sources computed, its numbers by name, its figure drawn."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sim import __version__
from sim.api.lessons.definition import Lesson
from sim.api.lessons.marks import evaluate, written_out
from sim.api.lessons.picture import draw
from sim.api.lessons.sources import Source, source_of
from sim.batch.files import together
from sim.plots.figure import Figure, files_of

_FORMATS = ("svg", "png", "csv")


@dataclass(frozen=True, eq=False)
class LessonRun:
    """What a lesson computes; `numbers` has every number of its text by name."""

    lesson: Lesson
    sources: Mapping[str, Source]
    numbers: Mapping[str, float]
    figure: Figure

    @property
    def command(self) -> str:
        """The command that repeats it."""
        return f"ceasefire lesson {self.lesson.number}"

    @property
    def to_guess(self) -> str:
        """What is to be guessed."""
        return written_out(self.lesson.guess.says, self.numbers)

    @property
    def answer(self) -> str:
        """The model's answer to it, as digits."""
        guess = self.lesson.guess
        return f"{evaluate(guess.answer, self.numbers):.{guess.digits}f}"

    def contents(self) -> dict[str, bytes]:
        """Return the files of the lesson by name: figure, its numbers, all numbers."""
        about = {"version": __version__, "command": self.command}
        told = {"lesson": self.lesson.name, "numbers": dict(self.numbers)}
        text = json.dumps(told, indent=1) + "\n"
        return {
            **files_of(self.figure, _FORMATS, about),
            "numbers.json": text.encode(),
        }

    def save(self, folder: Path) -> list[Path]:
        """Write the files of the lesson to a folder; return their paths."""
        contents = self.contents()
        with together(folder) as put:
            for name, content in contents.items():
                put(folder / name, content)
        return [folder / name for name in contents]


def run_lesson(lesson: Lesson) -> LessonRun:
    """Compute all sources of a lesson, those of its exercises too, and draw its figure.

    It takes seconds; errors as those of `load`, `sweep` and `open_result`.
    """
    sources = {
        name: source_of(name, given, lesson.folder)
        for name, given in (lesson.sources | lesson.exercises).items()
    }
    numbers: dict[str, float] = {}
    for source in sources.values():
        numbers |= source.numbers()
    return LessonRun(lesson, sources, numbers, draw(lesson, sources, numbers))
