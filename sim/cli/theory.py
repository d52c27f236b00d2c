"""`ceasefire theory`."""

from collections.abc import Iterator
from typing import Any

import click

from sim.cli.options import command_line, json_option, print_either
from sim.cli.tables import aligned, paragraph
from sim.theory.catalogue import MODELS, Answer, calculate, find
from sim.theory.inputs import Input, Model, pairs


@click.command()
@click.argument("name", metavar="[MODEL]", required=False)
@click.argument("words", metavar="[NAME=VALUE]...", nargs=-1)
@json_option
def theory(name: str | None, words: tuple[str, ...], as_json: bool) -> None:
    """Use published models as calculators.

    Without MODEL, all models are listed. A MODEL without inputs is explained: its
    inputs and results, its formula and source, what it teaches, and an example.
    """
    data: dict[str, Any]
    if name is None:
        data = {"models": [_described(each) for each in MODELS.values()]}
        lines = _list()
    elif not words:
        data, lines = _described(find(name)), _page(find(name))
    else:
        model, answer = find(name), calculate(name, *pairs(words))
        data = {
            "model": model.name,
            "inputs": answer.inputs,
            "results": answer.results,
            "formula": model.formula,
            "source": model.source,
        }
        lines = _answer(model, answer)
    print_either({"schema_version": 1, **data}, lines, as_json=as_json)


_OF_INPUT = ("name", "meaning", "kind", "allowed", "required", "default")


def _described(model: Model) -> dict[str, Any]:
    return {
        "model": model.name,
        "title": model.title,
        "question": model.question,
        "inputs": [
            {name: getattr(each, name) for name in _OF_INPUT} for each in model.inputs
        ],
        "results": [
            {"name": name, "meaning": text} for name, text in model.results.items()
        ],
        "formula": model.formula,
        "source": model.source,
        "teaches": model.teaches,
        "example": _example(model),
    }


def _example(model: Model) -> str:
    return command_line("theory", model.name, *model.example.split())


def _list() -> Iterator[str]:
    rows = [[each.name, each.signature, each.title] for each in MODELS.values()]
    yield from aligned(rows, indent=0)
    yield ""
    yield (
        "`ceasefire theory MODEL` explains the inputs of a model and gives an example"
    )


def _page(model: Model) -> Iterator[str]:
    yield click.style(f"{model.name}: {model.title}", bold=True)
    yield model.question
    results = list(model.results.items())
    yield from _entries("Inputs", [(each.name, _about(each)) for each in model.inputs])
    yield from _entries("Results", results)
    for heading, parts in (
        ("Formula", model.formula.split("; ")),
        ("What it teaches", [model.teaches]),
        ("Source", [model.source]),
    ):
        yield from ("", click.style(heading, bold=True))
        yield from (paragraph(part, indent=2) for part in parts)
    yield from ("", click.style("Example", bold=True), f"  {_example(model)}")


def _about(wanted: Input) -> str:
    usual = "" if wanted.required else f"; {_text(wanted.default)} if left out"
    return f"{wanted.meaning}: {wanted.allowed}{usual}"


def _entries(heading: str, entries: list[tuple[str, str]]) -> Iterator[str]:
    """Yield names with their meaning in a column of its own."""
    yield from ("", click.style(heading, bold=True))
    indent = 4 + max(len(name) for name, _ in entries)
    for name, text in entries:
        first, *more = paragraph(text, indent).splitlines()
        yield f"  {name:{indent - 2}}{first[indent:]}"
        yield from more


def _answer(model: Model, answer: Answer) -> Iterator[str]:
    yield click.style(f"{model.name}: {model.title}", bold=True)
    yield paragraph(" ".join(_given(model, answer)))
    yield ""
    rows = [
        [name, "" if isinstance(value, list) else _text(value), model.results[name]]
        for name, value in answer.results.items()
    ]
    for line, value in zip(aligned(rows), answer.results.values(), strict=True):
        yield line
        if isinstance(value, list):
            yield from _listed(value)
    yield ""
    yield paragraph(f"source: {model.source}")


def _given(model: Model, answer: Answer) -> Iterator[str]:
    """Yield inputs as one would type them; those left out without a default are not."""
    endless = {each.name for each in model.inputs if each.may_be_endless}
    for name, value in answer.inputs.items():
        if value is not None:
            yield f"{name}={_text(value)}"
        elif name in endless:
            yield f"{name}=inf"


def _listed(values: list[Any]) -> list[str]:
    """Return a list on one line, a list of lists as a table."""
    if values and isinstance(values[0], list):
        rows = [[f"{each:.4f}" for each in row] for row in values]
        return aligned(rows, right=range(len(rows[0])), indent=4)
    return [paragraph(", ".join(map(_text, values)) or "none", indent=4)]


def _text(value: Any) -> str:
    """Return a value with ten significant digits.

    >>> _text(0.1 + 0.2), _text(True), _text(None), _text([0.5, 1.0])
    ('0.3', 'yes', 'none', '0.5,1')
    """
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ",".join(map(_text, value))
    return f"{value:.10g}" if isinstance(value, float) else str(value)
