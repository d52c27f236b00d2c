"""What the page asks: of which scenario, and in which boxes of its inputs."""

from typing import NamedTuple

SCENARIO = "kursk-2025-03-13"


class Asked(NamedTuple):
    """A question about conditions: heading, event, and how `conditions` is told."""

    heading: str
    event: str
    outcome: str
    absent: bool

    @property
    def options(self) -> dict[str, object]:
        """Arguments of `sim.conditions`."""
        return {"outcome": self.outcome, "absent": self.absent}

    def command(self, folder: str) -> str:
        """Return the command that finds the same boxes."""
        words = f"ceasefire conditions {folder}"
        if self.outcome != "full_truce_share":
            words += f" --outcome {self.outcome}"
        return words + (" --absent" if self.absent else "")


ASKED = (
    Asked("A full truce comes", "a full truce comes", "full_truce_share", False),
    Asked("No full truce comes", "none comes", "full_truce_share", True),
    Asked(
        "The fighting has stopped at the end",
        "the fighting has stopped at the end",
        "fighting_stopped_share",
        False,
    ),
    Asked(
        "The fighting goes on at the end", "it goes on", "fighting_stopped_share", True
    ),
)
