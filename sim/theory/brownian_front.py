"""A front that moves all the time: the gambler's ruin with infinitely small steps.

The line of contact z drifts and shakes as a Brownian motion, dz = mu dt + s dW, until
it reaches either end of the contested stretch [0, L]. It is the limit of
`sim.theory.walk` as the steps become small and battles frequent, and the front of the
simulated war.

Source: the limit of Feller I, ch. XIV; for Brownian motion with absorbing ends Karlin
and Taylor (1981), A Second Course in Stochastic Processes, ch. 15.3.
"""

import math

from sim.theory.inputs import FLOW, Range, Results, model, takes
from sim.theory.walk import between_ends, ruin_and_duration

PLACE_IN_COURSE = 3.2
_SIZE = Range(0.001, 1000)
# Below this share of its time discounted away, a war is taken as undiscounted.
_HARDLY_DISCOUNTED = 1e-8


@model(
    title="A front that moves all the time",
    question="Who wins on a front that drifts and shakes?",
    results={
        "win": "chance that the front reaches L before 0",
        "duration": "expected time until it reaches either",
        "psi": "present worth of a unit paid when it reaches L",
        "phi": "present worth of a unit paid when it reaches 0",
        "value": "value of the war",
    },
    formula=(
        "win = (1-e^(-2 mu z/s^2))/(1-e^(-2 mu L/s^2)); duration = (L win - z)/mu; "
        "value = B psi + A phi - (c/r)(1-psi-phi), psi and phi from the roots "
        "[-mu +- sqrt(mu^2 + 2 r s^2)]/s^2"
    ),
    source="limit of Feller I, ch. XIV; Karlin and Taylor 1981, ch. 15.3",
    teaches=(
        "With many small battles only the mean and the spread of movement count, not "
        "how a battle is fought. Spread makes wars short and leaves the weaker side a "
        "chance."
    ),
    example="z=1 L=2.5 mu=-0.1 s=0.8 r=0.05 c=0.02 A=0 B=1",
)
def brownian_front(
    start: float = takes("z", "where the front stands", Range(0, "L")),
    length: float = takes("L", "length of the contested stretch", _SIZE),
    drift: float = takes("mu", "drift per unit of time", Range(-100, 100)),
    volatility: float = takes("s", "standard deviation in a unit of time", _SIZE),
    rate: float = takes("r", "rate of discount", Range(0, 10)),
    cost: float = takes("c", "cost of war per unit of time", FLOW),
    prize_at_zero: float = takes("A", "what the end at 0 is worth", FLOW),
    prize_at_length: float = takes("B", "what the end at L is worth", FLOW),
) -> Results:
    """Odds, duration and value of a war on a Brownian front.

    The roots theta1 >= 0 >= theta2 of s^2 theta^2/2 + mu theta = r give psi and phi as
    those of a walk do. The continuous rate of discount r may be 0; then value = B win +
    A (1-win) - c E[T].
    """
    variance = volatility * volatility
    pace = 2.0 / variance
    win, duration = ruin_and_duration(pace * drift, pace, start, length)
    psi, phi = win, 1.0 - win
    if rate > 0.0:
        root = math.hypot(drift, math.sqrt(2.0 * rate) * volatility)
        steep = (root + abs(drift)) / variance
        flat = 2.0 * rate / (root + abs(drift))  # (root - |mu|)/s^2, no cancellation
        up, down = (flat, steep) if drift >= 0.0 else (steep, flat)
        psi, phi = between_ends(up, down, start, length)
    spent = duration
    if rate * duration > _HARDLY_DISCOUNTED:
        spent = (1.0 - psi - phi) / rate
    value = prize_at_length * psi + prize_at_zero * phi - cost * spent
    return {"win": win, "duration": duration, "psi": psi, "phi": phi, "value": value}
