"""A question tried: its cells at all levels, and a verdict for each measure."""

from typing import NamedTuple

from experiments.predictions.cells import Cell, Sizes
from experiments.predictions.measures import MEASURES
from experiments.predictions.questions import Question
from experiments.predictions.verdicts import Finding, judge


class Result(NamedTuple):
    """What was found of one measure of a question."""

    question: Question
    measure: str
    predicted: str
    finding: Finding

    @property
    def name(self) -> str:
        """Under which `found.yaml` may tell the reason of a result."""
        return f"{self.question.id} {self.question.world} {self.measure}"


def results(question: Question, sizes: Sizes) -> list[Result]:
    """Run what the measures of a question need, and judge each of them."""
    cells = [Cell(question, i, sizes) for i in range(len(question.levels))]
    found = []
    for name, predicted in question.expect.items():
        measure = MEASURES[name]
        columns = [measure.of(cell) for cell in cells]
        if measure.within is not None:
            asked = measure.within(cells[0])
            columns = [column[asked] for column in columns]
        found.append(Result(question, name, predicted, judge(predicted, columns)))
    return found
