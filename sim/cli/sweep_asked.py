"""What was typed after `ceasefire sweep`, and what an experiment file adds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.common import changes_of
from sim.errors import ScenarioError, UsageError

if TYPE_CHECKING:
    from sim.sweep.designs import Asked as AskedDesign
    from sim.sweep.plan import Plan


@dataclass(frozen=True)
class Asked:
    """What was typed; an experiment file says the rest."""

    scenario: str
    vary: Sequence[str]
    design: str | None
    changes: Sequence[str]
    reference: Sequence[str]
    numbers: Mapping[str, float | None]
    keep_worlds: bool
    policies: Sequence[str]
    part: str | None

    def plan(self) -> "Plan":
        """Return the sweep asked for, checked whole.

        Raises
        ------
        CeasefireError
            As `sim.study.make_plan`, `load` and `read_experiment`.
        """
        from sim.sweep.experiment import experiment_file, read_experiment

        file = experiment_file(self.scenario)
        if file is None:
            return self._plan(self.scenario, {}, None, {}, {}, {})
        experiment = read_experiment(file)
        try:
            return self._plan(
                experiment.scenario,
                experiment.vary,
                experiment.design,
                experiment.set,
                experiment.reference,
                experiment.numbers,
            )
        except ScenarioError as error:
            raise experiment.located(error) from None

    def _plan(
        self,
        scenario: str | Path,
        vary: dict[str, Any],
        design: "AskedDesign",
        changes: dict[str, object],
        reference: dict[str, object],
        numbers: dict[str, Any],
    ) -> "Plan":
        from sim.scenario.load import load
        from sim.study import make_plan
        from sim.sweep.part import parse_part
        from sim.sweep.settings import parse_vary

        typed: dict[str, Any] = {}
        for path, settings in map(parse_vary, self.vary):
            if path in typed:
                raise UsageError(f"--vary gives {path} twice")
            typed[path] = settings
        set_here = changes_of(self.changes)
        for path in set_here:
            if path in typed:
                raise UsageError(f"{path} is given to --set and to --vary")
        given: dict[str, Any] = {
            name: value for name, value in self.numbers.items() if value is not None
        }
        base = load(scenario, set={**changes, **set_here})
        chosen = None
        if self.policies:
            from sim.policy_worlds import file_policies

            chosen = file_policies(self.policies, base.scenario.parties)
        amounts = {"replicates", "precision"}
        if amounts & set(given):  # either replaces both
            numbers = {name: numbers[name] for name in set(numbers) - amounts}
        return make_plan(
            base,
            {**vary, **typed},
            design=design if self.design is None else self.design,
            reference={**reference, **_references(self.reference)},
            keep_worlds=self.keep_worlds,
            policies=chosen,
            part=None if self.part is None else parse_part(self.part),
            **{**numbers, **given},
        )


def _references(texts: Sequence[str]) -> dict[str, object]:
    from sim.sweep.settings import parse_vary

    found: dict[str, object] = {}
    for text in texts:
        path, settings = parse_vary(text)
        if not isinstance(settings, tuple) or len(settings) != 1:
            raise UsageError(f"--reference {path}: is one setting")
        found[path] = settings[0]
    return found
