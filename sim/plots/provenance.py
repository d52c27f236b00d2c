"""Where the numbers of a figure come from, and how a caption says so."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from textwrap import fill

from sim.analysis.narrative.words import long_date
from sim.analysis.outcomes import happens
from sim.scenario.defaults import called
from sim.scenario.lookup import wording

# What fits the width of a figure at its smallest text.
_FOOTER_CHARACTERS = 100


@dataclass(frozen=True)
class Context:
    """The runs behind a figure.

    `replicates` is the number of runs (of each setting, in a sweep), and `fewest` that
    of the setting with fewest, if they differ; `within_days` the day by which a truce
    counts, `horizon_days` the last one, None if settings differ in it; `command`
    repeats them; `replicate` names a single run. `policies` names the class that
    decides for a party, if it is not a policy of the scenario; `held` other varied
    paths with the setting that the figure shows; `others` has the hashes of further
    scenarios in the figure by what they are called there. `labels` says how a party or
    chip is called, by id, and `units` in what a chip is counted that is no land;
    `fitted` says that each run has inputs that fit the record.
    """

    scenario_id: str
    scenario_title: str
    scenario_hash: str
    seed: int
    replicates: int
    version: str
    within_days: int
    command: str
    replicate: int | None = None
    fewest: int | None = None
    policies: Mapping[str, str] = field(default_factory=dict)
    held: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)
    horizon_days: int | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    fitted: bool = False

    def label(self, identifier: str) -> str:
        """Return how a party or chip is called."""
        return self.labels.get(identifier) or called(identifier)

    def happens(self, outcome: str) -> str:
        """Return as a clause what a share is the share of, with its day."""
        return happens(outcome, self.within_days, self.horizon_days)

    def last_line(self) -> str:
        """Return the line every caption ends with."""
        return (
            f"Scenario {self.scenario_id} ({self.scenario_hash[:12]}), {self._others()}"
            f"{self._held()}seed {self.seed}, {self.runs()}, "
            f"model version {self.version}: "
            "a model's answer, not a forecast."
        )

    def footer(self) -> str:
        """Return what stands under the picture itself, wherever it is copied to."""
        return fill(
            f"{', '.join([self.scenario_id, *self.others])}, {self._held()}"
            f"seed {self.seed}, {self.runs()}, "
            f"version {self.version}: a model's answer, not a forecast",
            _FOOTER_CHARACTERS,
        )

    def _others(self) -> str:
        """Return further scenarios with their hashes, with a comma behind each."""
        return "".join(f"{name} ({each[:12]}), " for name, each in self.others.items())

    def _held(self) -> str:
        """Return the settings that the figure holds, with a comma behind each."""
        told = ((wording(path), setting) for path, setting in self.held.items())
        return "".join(
            f"{called.label.partition(',')[0]} {setting} {called.unit}".rstrip() + ", "
            for called, setting in told
        )

    def runs(self) -> str:
        """Return in words how many runs, or which one.

        >>> Context("a", "A", "f00", 1, 2000, "0.1", 90, "ceasefire run a").runs()
        '2,000 runs'
        """
        if self.replicate is not None:
            return f"replicate {self.replicate}"
        told = "1 run" if self.replicates == 1 else f"{self.replicates:,} runs"
        if self.fewest is not None and self.fewest < self.replicates:
            told = f"{self.fewest:,} to {told} of each setting"
        return told + "".join(
            f", {party} by the policy {name}" for party, name in self.policies.items()
        )

    def metadata(self) -> dict[str, str]:
        """Return what each file carries, by name."""
        return {
            "scenario": self.scenario_id,
            "scenario_hash": "; ".join([self.scenario_hash, *self.others.values()]),
            "seed": str(self.seed),
            **(
                {"replicates": str(self.replicates)}
                if self.replicate is None
                else {"replicate": str(self.replicate)}
            ),
            "version": self.version,
            "command": self.command,
        }


def short_date(day: date) -> str:
    """Return a date as written on an axis.

    >>> short_date(date(2025, 3, 13))
    '13 Mar'
    """
    number, month, _ = long_date(str(day)).split()
    return f"{number} {month[:3]}"
