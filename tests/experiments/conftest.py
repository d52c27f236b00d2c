"""Scripts of the experiments import each other as neighbours in their folder."""

import sys
from pathlib import Path

EXPERIMENTS = Path(__file__).resolve().parents[2] / "experiments"

sys.path.append(str(EXPERIMENTS / "sanity"))
