"""Tables of one run as `run --json` gives them: 26 rounds, one truce that breaks."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from sim import load

START = date(2025, 3, 13)
FRONT = load("kursk-2025-03-13").scenario.front


def steps(days=180):
    """A run in truce from day 36 to 50; both would accept a line from day 16 on."""
    day = np.arange(days + 1)
    calm = (day >= 36) & (day <= 50)
    kursk = 189.0 * np.exp(-day / 25.0)
    kursk[day >= 36] = 0.0
    lost = np.where(day > 50, 10.0 * (day - 50), 0.0)
    return pd.DataFrame(
        {
            "day": day,
            "date": [str(START + timedelta(int(each))) for each in day],
            "phase": np.where(calm, "truce", "war"),
            "held_km2": 3200.0 - lost,
            "chips_km2.kursk": kursk,
            "chips_km2.sumy": np.zeros(day.size),
            "aid": 1.0,
            "belief.ukraine": 0.0,
            "belief.russia": -36.0,
            "war_value.ukraine": 2480.0,
            "war_value.russia": 5520.0,
            "reservation_value.ukraine": 2512.0 - 3.2 * day,
            "reservation_value.russia": 5600.0 - 4.0 * day,
        }
    )


def events(days=180):
    """Offers every week; the sixth is accepted with Kursk handed back."""
    rows = []

    def log(day, actor, kind, offer=None, **more):
        rows.append(
            {
                "day": day,
                "date": str(START + timedelta(day)),
                "actor": actor,
                "type": kind,
                "offer": offer,
                "terms.line_km2": more.get("line", np.nan),
                "reason.accept": more.get("accept", np.nan),
                "reason.fight_on": more.get("fight_on", np.nan),
                "text": more.get("text"),
            }
        )

    thirty = "thirty_days"
    for week in range(0, days, 7):
        if 35 <= week <= 50:
            continue
        log(week, "united_states", "offer", thirty)
        log(week, "ukraine", "acceptance", thirty, accept=2540.8, fight_on=2516.0)
        log(
            week, "russia", "conditional_acceptance", thirty,
            accept=5535.2, fight_on=5598.4,
        )  # fmt: skip
        log(week + 1, "russia", "counter_offer", thirty)
        log(week + 1, "ukraine", "rejection", thirty, accept=2440.8, fight_on=2516.0)
    log(21, "united_states", "aid", text="United States lowers aid from 1 to 0.5.")
    log(35, "united_states", "offer", "thirty_days_back")
    log(35, "russia", "acceptance", "thirty_days_back", accept=5600.0, fight_on=5584.0)
    log(35, "ukraine", "acceptance", "thirty_days_back", accept=2488.0, fight_on=2480.0)
    log(35, None, "truce", "thirty_days_back")
    log(51, None, "breakdown", "thirty_days_back")
    table = pd.DataFrame(rows).sort_values("day", kind="stable", ignore_index=True)
    return table[table.day <= days]
