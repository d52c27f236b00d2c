"""A finished comparison: its table, its figure, and its folder.

    DIR/compare.json    what `ceasefire compare --json` prints, twins included, and
                        checksums
    DIR/compare.csv     one row a row; all that the figure needs
    DIR/figures/        figure 9, if the rows fit

Nothing heavy is imported until it is used.
"""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputMissingError, UsageError
from sim.sweep.files import checksum, read_whole, sealed, together, unsealed

if TYPE_CHECKING:
    import pandas as pd

    from sim.plots.context import Context
    from sim.plots.result import Figure

FIGURE = "scenario_comparison"
TOLD, TABLE = "compare.json", "compare.csv"
# What stands in every row of the table, behind the columns of the comparison.
_ASKED = ("command", "seed", "within_days", "version")
# What the figure looks at, each with interval and difference.
_DRAWN = (
    "full_truce_share",
    "first_full_truce_day_median",
    "days_fought_mean",
    "aid_given_mean",
)


@dataclass(frozen=True, eq=False)
class Compared:
    """The table of a comparison, and how it was made.

    `table` is that of `sim.analysis.compare.comparison_table`; `asked` has the command,
    seed, within_days and version, `versions` those of what it was made with.
    """

    table: "pd.DataFrame" = field(repr=False)
    asked: Mapping[str, str]
    versions: Mapping[str, str]

    def context(self) -> "Context":
        """Return what the caption of the figure says about the runs."""
        from sim.plots.context import Context

        first = self.table.iloc[0]
        return Context(
            scenario_id=str(first["scenario"]),
            scenario_title=str(first["label"]),
            scenario_hash=str(first["scenario_hash"]),
            seed=int(self.asked["seed"]),
            replicates=int(self.table["replicates"].min()),
            version=self.asked["version"],
            within_days=int(self.asked["within_days"]),
            command=self.asked["command"],
        )

    @property
    def fits(self) -> bool:
        """Whether the figure has room for the rows."""
        from sim.plots.scenario_comparison import MOST_ROWS

        return len(self.table) <= MOST_ROWS

    def plot(self) -> "Figure":
        """Draw figure 9, `scenario_comparison`.

        Raises
        ------
        UsageError
            If it has no room for so many rows.
        """
        from sim.plots.scenario_comparison import scenario_comparison

        try:
            return scenario_comparison(self.table, self.context())
        except ValueError as error:
            raise UsageError(f"{FIGURE}: {error}") from None

    def save(
        self, folder: Path, data: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Write the table and, if the rows fit, the figure; files are replaced.

        `data` are written with them, and are returned with the checksum of the table
        and their own.

        Raises
        ------
        InputMissingError
            If something cannot be written; what was there stays as it was.
        """
        from sim.plots.result import files_of

        whole = self.table.assign(**self.asked, **self.versions)
        text = whole.to_csv(index=False, lineterminator="\n")
        files = {TABLE: checksum(text.encode("utf-8"))}
        contents: dict[Path, bytes | str] = {folder / TABLE: text}
        if self.fits:
            figure = self.plot()
            metadata = {**figure.origin, **self.versions}
            contents |= files_of(figure, folder / "figures", metadata=metadata)
        told = sealed({**(data or {}), "files": files})
        contents[folder / TOLD] = json.dumps(told, indent=2, allow_nan=False) + "\n"
        with together(folder) as put:
            for path, content in contents.items():
                put(path, content)
        return told


def is_comparison(folder: Path) -> bool:
    """Say whether a folder holds a comparison, whole or damaged."""
    return any((folder / name).is_file() for name in (TOLD, TABLE))


def open_comparison(folder: Path) -> Compared:
    """Read the comparison that `ceasefire compare --out` has written.

    Raises
    ------
    InputMissingError
        If its files are not there, damaged or not whole.
    """
    import pandas as pd

    file = folder / TABLE
    try:
        made_as = unsealed(folder / TOLD)["files"][TABLE]
    except (KeyError, TypeError):
        raise InputMissingError(f"{folder / TOLD} is not of a comparison") from None
    try:
        # The engine that reads every digit, in all versions of pandas.
        whole = pd.read_csv(io.BytesIO(read_whole(file, made_as)), engine="pyarrow")
        at = list(whole.columns).index(_ASKED[0])
        table, about = whole.iloc[:, :at], whole.iloc[0, at:]
        kept = {str(name): str(value) for name, value in about.items()}
        asked = {name: kept.pop(name) for name in _ASKED}
        found = Compared(table, asked, kept)
        found.context()
        _check(table)
    except (OSError, ValueError, KeyError, IndexError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputMissingError(f"{file} cannot be read: {reason}") from None
    return found


def _check(table: "pd.DataFrame") -> None:
    """Raise KeyError or ValueError if a column that the figure needs is not whole."""
    import numpy as np

    ends = ("", "_low", "_high", "_diff", "_diff_low", "_diff_high")
    counts = [f"ends_{each}" for each in ("earlier", "later", "same")]
    counts += ["ends_earlier_by_defeat", "horizon_days", "replicates"]
    needed = [f"{name}{end}" for name in _DRAWN for end in ends]
    table[needed].to_numpy(np.float64)
    if not np.isfinite(table[counts].to_numpy(np.float64)).all():
        raise ValueError("a count is missing")
    if len(table) < 2 or table["label"].isna().any():
        raise ValueError("a row is missing")
