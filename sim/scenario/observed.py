"""What was seen of the land that a chip stands for: shipped tables, as they are."""

from typing import TYPE_CHECKING, NamedTuple

from sim.scenario.find import shipped_folder

if TYPE_CHECKING:
    import pandas as pd


class ObservedLand(NamedTuple):
    """Tables of `scenarios/observed/` about one land; its README says what they hold.

    `held` has `date`, `confirmed_held_km2`, `midpoint_km2`, `upper_bound_km2`; `stated`
    what others stated, `date`, `km2`, `bound`, `kind`, `stated_by`, `source`; `used`
    the dates, `from` and `to`, that values of shipped scenarios were taken from.
    """

    held: "pd.DataFrame"
    stated: "pd.DataFrame"
    used: "pd.DataFrame"


def observed_land(chip: str) -> ObservedLand | None:
    """Return what was observed of a chip, by its name in the scenario; None if nothing.

    >>> observed_land("atlantis") is None
    True
    """
    import pandas as pd

    folder = shipped_folder() / "observed"
    files = [folder / f"{chip}_{name}.csv" for name in ObservedLand._fields]
    if not files[0].is_file():
        return None
    return ObservedLand(*(pd.read_csv(file) for file in files))
