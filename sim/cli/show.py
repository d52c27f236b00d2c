"""`ceasefire show`: the resolved scenario, value by value."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from sim import __version__
from sim.cli import options
from sim.cli.tables import aligned, paragraph
from sim.scenario.load import Loaded
from sim.scenario.provenance import Known, blocks, known_paths
from sim.scenario.quantities import Annotation

# Blocks of these hold entries by name, each worth a heading of its own.
_GROUPS = ("parties", "chips", "negotiation.offers", "timeline")


@click.command()
@options.scenario_argument
@options.set_option
@click.option("--notes", is_flag=True, help="Show the notes on values as well.")
@options.json_option
def show(scenario: str, changes: tuple[str, ...], notes: bool, as_json: bool) -> None:
    """Show every value of a scenario and where it comes from.

    A value is a default, an assumption (it is written in a file without a source),
    sourced (the file names a source) or set (by --set). A range such as "2800 to 3600"
    says how well an input is known.
    """
    loaded = options.open_scenario(scenario, changes)
    known, about = known_paths(loaded), blocks(loaded)
    lines = _lines(loaded, known, about, notes=notes)
    options.print_either(_as_json(loaded, known, about), lines, as_json=as_json)


def _as_json(
    loaded: Loaded, known: dict[str, Known], about: dict[str, Annotation]
) -> dict[str, Any]:
    scenario = loaded.scenario
    return {
        "schema_version": 1,
        "scenario": scenario.id,
        "title": scenario.title,
        "notes": scenario.notes,
        "sources": [*scenario.sources],
        "scenario_hash": loaded.hash,
        "version": __version__,
        "files": [str(file) for file in loaded.files],
        "values": {
            path: {"value": _plain(each.value), **_origin(each.annotation)}
            for path, each in known.items()
        },
        "blocks": {path: _origin(each) for path, each in about.items()},
    }


def _origin(about: Annotation) -> dict[str, Any]:
    names = ("kind", "low", "high", "source", "note", "file")
    line = about.place.line if about.place else None
    return {name: getattr(about, name) for name in names} | {"line": line}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def _lines(
    loaded: Loaded,
    known: dict[str, Known],
    about: dict[str, Annotation],
    *,
    notes: bool,
) -> Iterator[str]:
    scenario = loaded.scenario
    yield click.style(scenario.title, bold=True)
    yield f"scenario  {scenario.id}"
    yield f"hash      {loaded.hash}"
    yield from (f"file      {file}" for file in loaded.files)
    if scenario.notes:
        yield from ("", paragraph(scenario.notes))
    for heading, group in groupby(known.items(), key=lambda item: _block(item[0])):
        yield ""
        if heading:
            yield click.style(heading, bold=True)
        entries = [(path[len(heading) :].lstrip("."), each) for path, each in group]
        # A remark on a whole block stands below its heading.
        above = about.get(heading)
        yield from _remarks(above, notes=notes, indent=2)
        rows = [_row(name, each, loaded.files[-1]) for name, each in entries]
        for line, (name, each) in zip(
            aligned(rows, indent=2 if heading else 0), entries, strict=True
        ):
            yield line
            # What was said of the block, or of the value above, is not repeated.
            if each.annotation is not above and not name.endswith(".private"):
                yield from _remarks(each.annotation, notes=notes)
    headings = {_block(path) for path in known}
    for path, remark in about.items():
        remarks = [*_remarks(remark, notes=notes)]
        if remarks and path not in headings:
            yield from ("", click.style(path, bold=True), *remarks)
    if scenario.sources:
        yield from ("", click.style("sources", bold=True))
        yield from (paragraph(source, indent=2) for source in scenario.sources)


def _block(path: str) -> str:
    """Return the block that a value is listed under; "" for the top of the file.

    >>> _block("parties.russia.belief.drift_km2_per_week"), _block("step_days")
    ('parties.russia', '')
    """
    names = path.split(".")
    for group in _GROUPS:
        depth = group.count(".") + 2
        if path.startswith(f"{group}.") and len(names) > depth:
            return ".".join(names[:depth])
    return names[0] if len(names) > 1 else ""


def _row(name: str, known: Known, own: Path) -> list[str]:
    """Return a value with where it stands: a line of the file itself, or of another."""
    about = known.annotation
    bracket = ""
    if about.low is not None or about.high is not None:
        bracket = f"{_shown(about.low)} to {_shown(about.high)}"
    where = ""
    if about.place is not None:
        file = Path(about.place.file)
        ours = file.resolve() == own.resolve()
        where = f"{'line ' if ours else f'{file.name}:'}{about.place.line}"
    return [name, _shown(known.value), bracket, about.kind, where]


def _shown(value: Any) -> str:
    """Return a value as it would stand in a file.

    >>> _shown((0.06, 0.14)), _shown(None), _shown(8000.0)
    ('[0.06, 0.14]', 'null', '8000')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.12g}"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_shown, value))}]"
    return "null" if value is None else str(value)


def _remarks(
    about: Annotation | None, *, notes: bool, indent: int = 4
) -> Iterator[str]:
    if about and about.source:
        yield paragraph(f"source: {about.source}", indent)
    if about and about.note and notes:
        yield paragraph(f"note: {about.note}", indent)
