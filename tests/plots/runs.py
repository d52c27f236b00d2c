"""Tables of one run as `run --json` gives them: 26 rounds, one truce that breaks."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

START = date(2025, 3, 13)


def steps(days=180):
    """A run in truce from day 36 to 50; both would accept a line from day 16 on."""
    day = np.arange(days + 1)
    calm = (day >= 36) & (day <= 50)
    kursk = 189.0 * np.exp(-day / 25.0)
    kursk[day >= 36] = 0.0
    battles = np.where(day > 50, np.round((day - 50) / 40), 0)
    return pd.DataFrame(
        {
            "day": day,
            "date": [str(START + timedelta(int(each))) for each in day],
            "phase": np.where(calm, "truce", "war"),
            "share": 0.40 - 0.05 * battles,
            "chips_km2.kursk": kursk,
            "chips_km2.sumy": np.zeros(day.size),
            "aid": 1.0,
            "belief.ukraine": 0.5,
            "belief.russia": 0.41,
            "war_value.ukraine": 0.31,
            "war_value.russia": 0.69,
            "reservation_value.ukraine": 0.314 - 0.0004 * day,
            "reservation_value.russia": 0.70 - 0.0005 * day,
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
                "terms.line_share": more.get("line", np.nan),
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
        log(week, "ukraine", "acceptance", thirty, accept=0.3176, fight_on=0.3145)
        log(
            week, "russia", "conditional_acceptance", thirty,
            accept=0.6919, fight_on=0.6998,
        )  # fmt: skip
        log(week + 1, "russia", "counter_offer", thirty)
        log(week + 1, "ukraine", "rejection", thirty, accept=0.3051, fight_on=0.3145)
    log(21, "united_states", "aid", text="United States lowers aid from 1 to 0.5.")
    log(35, "united_states", "offer", "thirty_days_back")
    log(35, "russia", "acceptance", "thirty_days_back", accept=0.700, fight_on=0.698)
    log(35, "ukraine", "acceptance", "thirty_days_back", accept=0.311, fight_on=0.310)
    log(35, None, "truce", "thirty_days_back")
    log(51, None, "breakdown", "thirty_days_back")
    return pd.DataFrame(rows).sort_values("day", kind="stable", ignore_index=True)
