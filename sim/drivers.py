"""A finished sensitivity analysis: its tables, its figure, and its folder.

    DIR/manifest.json      what was asked, of which scenario, and how luck came in
    DIR/tornado.csv        one row an input: low to high, all else as it is
    DIR/screening.csv      one row an input: Morris effects
    DIR/sobol.csv          one row an input, or group of inputs: indices
    DIR/samples.parquet    one row a set of inputs, for `ceasefire conditions`
    DIR/figures/           figure 7

Nothing heavy is imported until it is used.
"""

import io
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputMissingError
from sim.sweep.files import checksum, read_whole, sealed, together, unsealed

if TYPE_CHECKING:
    import pandas as pd

    from sim.plots.context import Context
    from sim.plots.result import Figure

KIND = "sensitivity analysis"
OTHERS = "all others"
TABLES = ("tornado", "screening", "sobol")
SAMPLES = "samples.parquet"
MANIFEST = "manifest.json"


@dataclass(frozen=True, eq=False)
class Drivers:
    """What moves an outcome.

    `manifest` is plain data and says what was asked. `tornado` has one row an input,
    largest first; `screening` likewise; `sobol` one row an input that was estimated by
    itself, and one for all others together; `samples` the inputs as used with the means
    of all outcomes, one row a set of inputs.
    """

    manifest: dict[str, Any] = field(repr=False)
    tornado: "pd.DataFrame"
    screening: "pd.DataFrame" = field(repr=False)
    sobol: "pd.DataFrame"
    samples: "pd.DataFrame" = field(repr=False)

    @property
    def is_wide(self) -> bool:
        """Whether an interval of a total index is wider than it should be."""
        advice = self.manifest["advice"]
        return bool(advice["widest"] > advice["width"])

    def context(self) -> "Context":
        """Return what the caption of the figure says about the runs."""
        from sim.plots.context import Context

        made = self.manifest
        return Context(
            scenario_id=made["scenario_id"],
            scenario_title=made["scenario_title"],
            scenario_hash=made["scenario_hash"],
            seed=made["seed"],
            replicates=made["tornado_replicates"],
            version=made["versions"]["ceasefire-sim"],
            within_days=made["within_days"],
            command=made["command"],
        )

    def plot(self) -> "Figure":
        """Draw figure 7, `what_matters`."""
        from sim.plots.what_matters import what_matters

        return what_matters(
            self.tornado,
            self.sobol,
            self.context(),
            outcome=self.manifest["outcome"],
            estimate=self.manifest["estimate"]["estimate"],
            inputs_share=self.manifest["luck"]["inputs"]["estimate"],
            rows=self.manifest["samples"],
            rows_needed=self.manifest["advice"]["samples"] if self.is_wide else 0,
        )

    def plain(self) -> dict[str, Any]:
        """Return all of it but the samples as plain data: `sensitivity --json`."""
        tables: dict[str, Any] = {
            name: json.loads(getattr(self, name).to_json(orient="records"))
            for name in TABLES
        }
        return {**self.manifest, **tables}

    def save(self, folder: str | Path) -> None:
        """Write tables and figure; files of the same name are replaced.

        Raises
        ------
        InputMissingError
            If something cannot be written; what was there stays as it was.
        """
        import pyarrow as pa

        from sim.plots.result import files_of
        from sim.sweep.tables import encode

        folder, about = Path(folder), self._about()
        tables: dict[str, bytes] = {}
        for name in TABLES:
            table = getattr(self, name).assign(**about)
            text = table.to_csv(index=False, lineterminator="\n")
            tables[f"{name}.csv"] = text.encode()
        rows = pa.Table.from_pandas(self.samples, preserve_index=False)
        tables[SAMPLES] = encode(rows, about)
        figure = files_of(self.plot(), folder / "figures", metadata=about)
        files = {name: checksum(content) for name, content in tables.items()}
        manifest = sealed({**self.manifest, "files": files})
        with together(folder) as put:
            for name, content in tables.items():
                put(folder / name, content)
            for path, content in figure.items():
                put(path, content)
            # Last: a folder with a manifest is complete.
            text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
            put(folder / MANIFEST, text)

    def _about(self) -> dict[str, str]:
        """Return what every file carries."""
        versions = self.manifest["versions"]
        kept = {name: versions[name] for name in ("numpy", "numba", "SALib")}
        return {**self.context().metadata(), **kept}


def files_in(folder: Path) -> list[Path]:
    """Return the files that `Drivers.save` writes to a folder."""
    names = [MANIFEST, *(f"{name}.csv" for name in TABLES), SAMPLES]
    drawn = [f"figures/what_matters.{each}" for each in ("svg", "pdf", "png", "csv")]
    return [folder / name for name in (*names, *drawn, "figures/what_matters.txt")]


def is_sensitivity(folder: Path) -> bool:
    """Say whether a folder holds a sensitivity analysis; False if it cannot be read."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("kind") == KIND


def open_drivers(folder: Path) -> Drivers:
    """Read a sensitivity analysis.

    Raises
    ------
    InputMissingError
        If there is none in the folder, or a file is missing or damaged.
    """
    import pandas as pd

    from sim.sweep.read import read_table

    if not is_sensitivity(folder):
        what = f"no sensitivity analysis in it ({MANIFEST})"
        raise InputMissingError(
            f"{folder}: {what if folder.is_dir() else 'no such folder'}"
        )
    manifest = unsealed(folder / MANIFEST)
    made_as = manifest["files"]
    tables = {}
    for name in TABLES:
        file = folder / f"{name}.csv"
        content = read_whole(file, made_as[file.name])
        try:
            # The engine that reads every digit, in all versions of pandas.
            table = pd.read_csv(io.BytesIO(content), engine="pyarrow")
        except ValueError as error:
            raise InputMissingError(f"{file} cannot be read: {error}") from None
        # What every file carries is in the manifest.
        at = list(table.columns).index("scenario") if "scenario" in table else None
        tables[name] = table[table.columns[:at]]
    samples = read_table(folder, SAMPLES, manifest)
    del manifest["files"]
    return Drivers(manifest, samples=samples, **tables)
