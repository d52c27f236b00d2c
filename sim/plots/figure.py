"""A figure with its words and its table, and the files it is written to.

Files hold no date and no random identifier: the same numbers give the same bytes.
"""

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import fill
from typing import Any, ClassVar, Protocol
from xml.sax.saxutils import escape

import pandas as pd
from matplotlib.figure import Figure as Canvas

from sim.batch.files import together
from sim.plots.provenance import Context
from sim.plots.style import PNG_DPI, figure_style, new_canvas
from sim.scenario.arguments import place

FORMATS = ("svg", "pdf", "png", "csv")


@dataclass(frozen=True, eq=False)
class Figure:
    """A picture, the sentences below it, the same in words, and its numbers.

    `origin` says where the numbers come from (`Context.metadata`), for the files;
    `text` is the same for a terminal, if there is such a thing.
    """

    name: str
    title: str
    figure: Canvas
    caption: str
    alt_text: str
    table: pd.DataFrame
    origin: Mapping[str, str] = field(default_factory=dict)
    text: str = ""

    def _repr_png_(self) -> bytes:
        """Show the picture in a notebook cell."""
        return _png(self, {})

    def svg(self, metadata: Mapping[str, str] | None = None) -> str:
        """Return the picture as SVG text with title and description for readers."""
        return _svg(self, metadata or {})


class Words:
    """What a figure says; each module has its own sentences, put together here.

    `context` says where the numbers come from, `name` which figure it is.
    """

    name: ClassVar[str]
    # What stands between two sentences of the caption.
    between: ClassVar[str] = " "
    context: Context

    @property
    def title(self) -> str:
        """The question."""
        raise NotImplementedError

    def caption(self) -> Iterable[str]:
        """Sentences of the caption before the origin: the answer, how to read it."""
        raise NotImplementedError

    def alt_text(self) -> Iterable[str]:
        """Sentences that say what is to be seen. Here as there, empty ones fall out."""
        raise NotImplementedError

    def last_line(self) -> str:
        """Return what every caption ends with: the origin."""
        return self.context.last_line()

    def text(self) -> str:
        """Return the same for a terminal, if there is such a thing."""
        return ""

    @contextmanager
    def canvas(self, **size: float) -> Iterator[Canvas]:
        """Give an empty figure with the question and the origin, to be drawn on."""
        with figure_style():
            yield new_canvas(self.title, self.context.footer(), **size)

    def figure(self, canvas: Canvas, table: pd.DataFrame) -> Figure:
        """Return the drawn figure with these words."""
        caption = self.between.join(filter(None, self.caption()))
        alt_text = " ".join(filter(None, self.alt_text()))
        return Figure(
            name=self.name,
            title=self.title,
            figure=canvas,
            caption=squared(f"{caption}\n{self.last_line()}"),
            alt_text=squared(alt_text),
            table=table,
            origin=self.context.metadata(),
            text=self.text(),
        )


def squared(text: str) -> str:
    """Return a text with units as pictures have them; paths stay as they are."""
    return text.replace(" km2", " km²")


@dataclass(frozen=True)
class Options:
    """What may be asked of figures; each looks at what concerns it.

    `paths` are varied paths to draw against, `chip` which land the fan is of, `against`
    further scenarios for survival, `more` what a figure shows only when asked, `twin`
    other values by path, of a run or scenario to set beside this one, `among` whether
    to say where a run stands among 100 others, `place` which of several decisions,
    `inputs` an inference from which sets of inputs of a sweep are drawn, or its folder.
    """

    paths: tuple[str, ...] = ()
    chip: str | None = None
    against: tuple[Any, ...] = ()
    more: bool = False
    twin: Mapping[str, object] = field(default_factory=dict)
    among: bool = False
    place: int = 0
    inputs: Any = None


class FigureModule(Protocol):
    """What the module of a figure has.

    `QUESTION` is what the figure answers; `OF_ONE_RUN` says that one run is enough for
    it; `APART` that a sweep has nothing to say about it, so it is drawn of a scenario
    or of its own kind of result. `of` draws it of a source, which makes the tables.
    """

    QUESTION: str
    OF_ONE_RUN: bool
    APART: bool

    def of(self, source: Any) -> Figure:
        """Draw it of a `figure_source.Source`; ValueError where it does not fit."""


def save(
    result: Figure,
    folder: str | Path,
    formats: Sequence[str] = FORMATS,
    metadata: Mapping[str, str] | None = None,
) -> list[Path]:
    """Write a figure's files; return their paths.

    The folder is made if it is not there, and files of the same name are replaced.
    `formats` are of `FORMATS`; `NAME.txt` with caption and alternative text is always
    written. Each file carries `metadata` (seed, scenario hash, version, command), the
    CSV as columns with the same value in every row, unless the table has such a column.
    ValueError if there is no such format, and nothing is written then;
    InputMissingError if a file cannot be written: those that were there stay.
    """
    folder = place("folder", folder)
    contents = files_of(result, formats, metadata)
    with together() as put:
        for name, content in contents.items():
            put(folder / name, content)
    return [folder / name for name in contents]


def files_of(
    result: Figure,
    formats: Sequence[str] = FORMATS,
    metadata: Mapping[str, str] | None = None,
) -> dict[str, bytes]:
    """Return what the files of a figure hold, by their names; arguments as `save`."""
    unknown = [each for each in formats if each not in FORMATS]
    if unknown:
        raise ValueError(f"format {unknown[0]!r} is not one of {', '.join(FORMATS)}")
    given = dict(metadata or {})
    contents = {"txt": _text(result, given).encode()}
    writers: dict[str, Callable[[], bytes]] = {
        "svg": lambda: _svg(result, given).encode(),
        "pdf": lambda: _pdf(result, given),
        "png": lambda: _png(result, given),
        "csv": lambda: _csv(result.table, given).encode(),
    }
    contents |= {each: writers[each]() for each in formats}
    return {f"{result.name}.{end}": content for end, content in contents.items()}


def _svg(result: Figure, metadata: Mapping[str, str]) -> str:
    more = {
        "Date": None,
        "Creator": "ceasefire-sim",
        "Description": _line(metadata),
    }
    name = result.name
    attributes = f'role="img" aria-labelledby="{name}-title {name}-desc"'
    words = (
        f'<title id="{name}-title">{escape(result.title)}</title>\n'
        f'<desc id="{name}-desc">{escape(result.alt_text)}</desc>\n'
    )
    # Screen readers take the first title and desc inside the root element.
    text, found = re.subn(
        r"<svg\b([^>]*)>",
        lambda root: f"<svg{root[1]} {attributes}>\n{words}",
        _saved(result, "svg", more).decode(),
        count=1,
    )
    if not found:
        raise RuntimeError("Matplotlib wrote an SVG without a root element")
    return text


def _pdf(result: Figure, metadata: Mapping[str, str]) -> bytes:
    more = {
        "Title": result.title,
        "Subject": result.alt_text,
        "Keywords": _line(metadata),
        "Creator": "ceasefire-sim",
        "CreationDate": None,
    }
    return _saved(result, "pdf", more)


def _png(result: Figure, metadata: Mapping[str, str]) -> bytes:
    words = {"Title": result.title, "Description": result.alt_text}
    more = {**words, "Software": "ceasefire-sim", **metadata}
    return _saved(result, "png", more, dpi=PNG_DPI)


def _saved(result: Figure, kind: str, metadata: Any, **options: Any) -> bytes:
    buffer = io.BytesIO()
    with figure_style():
        result.figure.savefig(buffer, format=kind, metadata=metadata, **options)
    return buffer.getvalue()


def _csv(table: pd.DataFrame, metadata: Mapping[str, str]) -> str:
    # What the table says row by row is not said over again.
    added = {name: text for name, text in metadata.items() if name not in table}
    return table.assign(**added).to_csv(index=False, lineterminator="\n")


def _text(result: Figure, metadata: Mapping[str, str]) -> str:
    paragraphs = [
        result.title,
        *result.caption.splitlines(),
        f"In words: {result.alt_text}",
    ]
    # A command that is broken into lines could not be copied.
    origin = [f"{name}: {value}" for name, value in metadata.items()]
    return "\n".join([*(fill(each, 80) for each in paragraphs), *origin]) + "\n"


def _line(metadata: Mapping[str, str]) -> str:
    return "; ".join(f"{name}: {value}" for name, value in metadata.items())
