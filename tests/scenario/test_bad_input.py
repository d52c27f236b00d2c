"""Every kind of mistake names its file, line and column, and what is wrong."""

import subprocess
import sys

import pytest

from sim.scenario.load import load

NORTH = "north: {cost_of_war_km2: 200, belief: {drift_km2_per_week: 10}}"
SOUTH = "south: {cost_of_war_km2: 200, belief: {drift_km2_per_week: -10}}"
PATRON = "role: patron, supports: north"

# What is written instead of what, and the start of the only complaint about it.
MISTAKES = {
    "an unknown field": (
        ("start_date: 2020-01-01", "start_date: 2020-01-01\nhorizon_dais: 90"),
        "s.yaml:4:1: horizon_dais: unknown field; did you mean 'horizon_days'?",
    ),
    "an unknown field deep inside": (
        ("    peak_km2: 20", "    peak_km2: 20\n    flor: 0.1"),
        "s.yaml:18:5: chips.bridge.flor: unknown field; did you mean 'floor'?",
    ),
    "an unknown part of a quantity": (
        ("held_km2: 1000", "held_km2: {value: 500, hihg: 600}"),
        "s.yaml:7:26: front.held_km2.hihg: unknown part of a quantity; "
        "did you mean 'high'?",
    ),
    "a missing field": (
        ("title: Two neighbours and a valley\n", ""),
        "s.yaml:1:1: title: is missing",
    ),
    "a missing field of a block": (
        ("    holder: north\n", ""),
        "s.yaml:14:3: chips.bridge.holder: is missing",
    ),
    "a repeated key": (
        ("  held_km2: 1000", "  held_km2: 1000\n  held_km2: 600"),
        "s.yaml:8:3: front.held_km2: repeated; line 7 gives it first",
    ),
    "a tag": (
        ("side: north", "side: !!str north"),
        "s.yaml:5:9: front.side: the tag '!!str' is not read here",
    ),
    "a tag that would build an object": (
        ("chips:", "aid: !!python/object:os.system {}\nchips:"),
        "s.yaml:13:6: aid: the tag '!!python/object:os.system'",
    ),
    "nesting over 32": (
        (NORTH, "north: " + "[" * 31 + "]" * 31),
        "s.yaml:11:40: nested deeper than 32",
    ),
    "a name that is a list": (
        ("  bridge:", "  ? [north]\n  : {}\n  bridge:"),
        "s.yaml:14:5: chips: a name must be plain text",
    ),
    "a syntax error": (
        ("held_km2: 1000", "held_km2: [0.5"),
        "s.yaml:8:21: not YAML: expected ',' or ']', but got ':'",
    ),
    "an unknown alias": (
        (SOUTH, "south: *north"),
        "s.yaml:12:10: no anchor &north before this alias",
    ),
    "an alias inside its anchor": (
        (NORTH, "north: &n {belief: *n}"),
        "s.yaml:11:22: &n would contain itself",
    ),
    "a second document": (
        ("    peak_km2: 20", "    peak_km2: 20\n---\nid: other"),
        "s.yaml:18:1: a second document in the file",
    ),
    "a character that YAML has not": (
        ("Two neighbours", "Two\x07 neighbours"),
        "s.yaml:2:11: not YAML: the character '\\x07'",
    ),
    "half a character": (
        ("Two neighbours and a valley", r'"\ud800"'),
        "s.yaml:2:8: title: half of a surrogate pair is not text",
    ),
    "a character beyond Unicode": (
        ("Two neighbours and a valley", r'"\UFFFFFFFF"'),
        "s.yaml:1:1: not YAML",
    ),
    "not a number": (
        ("stake_km2: 2000", "stake_km2: .nan"),
        "s.yaml:6:14: front.stake_km2: needs a finite number, not nan",
    ),
    "infinity": (
        ("area_km2: 10", "area_km2: .inf"),
        "s.yaml:16:15: chips.bridge.area_km2: needs a finite number, not inf",
    ),
    "a number beyond all floats": (
        ("area_km2: 10", "area_km2: 1e999"),
        "s.yaml:16:15: chips.bridge.area_km2: needs a finite number, not inf",
    ),
    "text for a number": (
        ("stake_km2: 2000", "stake_km2: 2,000"),
        "s.yaml:6:14: front.stake_km2: needs a number, not '2,000'",
    ),
    "a boolean for a number": (
        ("stake_km2: 2000", "stake_km2: true"),
        "s.yaml:6:14: front.stake_km2: needs a number, not True",
    ),
    "a block for a number": (
        ("stake_km2: 2000", "stake_km2: {low: 1}"),
        "s.yaml:6:3: front.stake_km2: needs a number, not a mapping",
    ),
    "a fraction for a count": (
        ("start_date: 2020-01-01", "start_date: 2020-01-01\nhorizon_days: 90.5"),
        "s.yaml:4:15: horizon_days: needs a whole number, not 90.5",
    ),
    "a number for a block": (
        (NORTH, "north: 3"),
        "s.yaml:11:10: parties.north: needs a mapping of fields, not 3",
    ),
    "a list for a block": (
        ("belief: {drift_km2_per_week: 10}", "belief: [0.5]"),
        "s.yaml:11:41: parties.north.belief: needs a mapping of fields, not a list",
    ),
    "text for a list": (
        ("north: {", "north: {conditions: hand_back, "),
        "s.yaml:11:23: parties.north.conditions: needs a list, not 'hand_back'",
    ),
    "a number out of range": (
        ("held_km2: 1000", "held_km2: -1.5"),
        "s.yaml:7:13: front.held_km2: -1.5 is not above 0",
    ),
    "a negative cost": (
        ("cost_of_war_km2: 200", "cost_of_war_km2: -1"),
        "s.yaml:11:11: parties.north.cost_of_war_km2.value: -1 is below 0",
    ),
    "a day that is none": (
        ("2020-01-01", "2020-02-30"),
        "s.yaml:3:13: start_date: 2020-02-30 is not a day of the calendar",
    ),
    "a date in words": (
        ("2020-01-01", "January 2020"),
        "s.yaml:3:13: start_date: needs a date such as 2025-03-13, not 'January 2020'",
    ),
    "a year far away": (
        ("2020-01-01", "9999-12-31"),
        "s.yaml:3:13: start_date: 9999-12-31 is outside the years 1800 to 2200",
    ),
    "low above value": (
        ("held_km2: 1000", "held_km2: {value: 500, low: 600}"),
        "s.yaml:7:31: front.held_km2.low: 600 is above the value, 500",
    ),
    "high below value": (
        ("held_km2: 1000", "held_km2: {value: 500, high: 400}"),
        "s.yaml:7:32: front.held_km2.high: 400 is below the value, 500",
    ),
    "low above high": (
        ("held_km2: 1000", "held_km2: {value: 500, low: 600, high: 400}"),
        "s.yaml:7:31: front.held_km2.low: 600 is above high, 400",
    ),
    "a bound of something that is no number": (
        ("side: north", "side: {value: north, low: 1}"),
        "s.yaml:5:29: front.side.low: belongs to a number",
    ),
    "a source that is no text": (
        ("held_km2: 1000", "held_km2: {value: 500, source: 3}"),
        "s.yaml:7:34: front.held_km2.source: needs text",
    ),
    "a private interval without the value": (
        ("_war_km2: 200", "_war_km2: {value: 100, private: [200, 300]}"),
        "s.yaml:11:50: parties.north.cost_of_war_km2.private: [200, 300] does not hold",
    ),
    "a private interval upside down": (
        ("_war_km2: 200", "_war_km2: {value: 100, private: [200, 0]}"),
        "s.yaml:11:50: parties.north.cost_of_war_km2.private: the lowest, 200, is abov",
    ),
    "a private interval of something else": (
        ("held_km2: 1000", "held_km2: {value: 500, private: [0, 1]}"),
        "s.yaml:7:26: front.held_km2.private: unknown part of a quantity",
    ),
    "one belligerent": (
        (f"  {SOUTH}\n", ""),
        "s.yaml:10:1: parties: needs exactly two belligerents, 1 given",
    ),
    "three belligerents": (
        (f"  {SOUTH}\n", f"  {SOUTH}\n  {SOUTH.replace('south', 'east')}\n"),
        "s.yaml:10:1: parties: needs exactly two belligerents, 3 given",
    ),
    "two patrons": (
        ("chips:", "  a: {<}\n  b: {<}\nchips:".replace("<", PATRON)),
        "s.yaml:10:1: parties: at most one patron, 2 given",
    ),
    "an unknown role": (
        ("south: {", "south: {role: beligerent, "),
        "s.yaml:12:17: parties.south.role: 'beligerent' is not one of belligerent, "
        "patron; did you mean 'belligerent'?",
    ),
    "a side that does not fight": (
        ("side: north", "side: nroth"),
        "s.yaml:5:9: front.side: 'nroth' is not a belligerent of this scenario; "
        "did you mean 'north'?",
    ),
    "a patron of nobody": (
        ("chips:", "  east: {role: patron, supports: east}\nchips:"),
        "s.yaml:13:34: parties.east.supports: 'east' is not a belligerent",
    ),
    "a name that is a part of a path": (
        ("  bridge:", "  the.bridge:"),
        "s.yaml:14:3: chips.the.bridge: 'the.bridge' is not a plain name",
    ),
    "a name that is a part of a quantity": (
        ("  bridge:", "  private:"),
        "s.yaml:14:3: chips.private: 'private' cannot be a name here",
    ),
    "an unknown policy": (
        ("north: {", "north: {policy: {name: hardlinr}, "),
        "s.yaml:11:26: parties.north.policy.name: 'hardlinr' is not one of "
        "best_response, quantal, hardliner, boulware, conceder, scripted; "
        "did you mean 'hardliner'?",
    ),
    "a policy with a field of another": (
        ("north: {", "north: {policy: {name: quantal, premium_km2: 10}, "),
        "s.yaml:11:35: parties.north.policy.premium_km2: unknown field",
    ),
    "an unknown condition": (
        ("north: {", "north: {conditions: [hand_bak], "),
        "s.yaml:11:24: parties.north.conditions.0: 'hand_bak' is not one of hand_back, "
        "aid_freeze, sanctions_relief, monitoring; did you mean 'hand_back'?",
    ),
    "a condition twice": (
        ("north: {", "north: {conditions: [hand_back, hand_back], "),
        "s.yaml:11:35: parties.north.conditions.1: 'hand_back' is named twice",
    ),
    "an aid rule without a patron": (
        ("chips:", "aid: {rule: {name: conditional}}\nchips:"),
        "s.yaml:13:7: aid.rule: the rule 'conditional' needs a party with role patron",
    ),
    "a promise to the side without aid": (
        (
            "chips:",
            "  east: {role: patron, supports: south}\n"
            "aid: {rule: {name: conditional, after_acceptance_by: {north: 1}}}\nchips:",
        ),
        "s.yaml:14:55: aid.rule.after_acceptance_by.north: only the side that gets the "
        "aid is promised any",
    ),
    "a script that is too long": (
        (
            "south: {",
            "south: {policy: {name: scripted, answers: ["
            + "{date: 2020-01-01, offer: freeze, answer: accept}, " * 33
            + "]}, ",
        ),
        "s.yaml:12:45: parties.south.policy.answers: at most 32 fit, 33 given",
    ),
    "a script about an offer that is not made": (
        (
            "south: {",
            "south: {policy: {name: scripted, answers: "
            "[{date: 2020-01-01, offer: frieze, answer: accept}]},\n    ",
        ),
        "s.yaml:12:72: parties.south.policy.answers.0.offer: 'frieze' is not an offer "
        "of this scenario; did you mean 'freeze'?",
    ),
    "a holder that does not fight": (
        ("holder: north", "holder: west"),
        "s.yaml:15:13: chips.bridge.holder: 'west' is not a belligerent",
    ),
    "more land than at the peak": (
        ("area_km2: 10", "area_km2: 30"),
        "s.yaml:16:15: chips.bridge.area_km2: 30 is above the peak, 20 km2",
    ),
    "an unknown start regime": (
        (
            "holder: north",
            "holder: north\n    regime: luul\n    regimes: {lull: {}, x: }",
        ),
        "s.yaml:16:13: chips.bridge.regime: 'luul' is not a regime here "
        "(lull, x); did you mean 'lull'?",
    ),
    "a switch to an unknown regime": (
        (
            "holder: north",
            "holder: north\n    regimes: {calm: {switch_per_week: {clam: 0.1}}}",
        ),
        "s.yaml:16:40: chips.bridge.regimes.calm.switch_per_week.clam: "
        "'clam' is not a regime here",
    ),
    "an opening by an unknown chip": (
        ("holder: north", "holder: north\n    opens_when: {chip: bridg, below_km2: 5}"),
        "s.yaml:16:24: chips.bridge.opens_when.chip: 'bridg' is not a chip of this "
        "scenario; did you mean 'bridge'?",
    ),
    "several regimes and none to start from": (
        ("holder: north", "holder: north\n    regimes: {lull: {}, collapse: {}}"),
        "s.yaml:14:3: chips.bridge.regime: is missing",
    ),
    "land of value to a stranger": (
        ("holder: north", "holder: north\n    value_km2: {west: 1}"),
        "s.yaml:16:17: chips.bridge.value_km2.west: 'west' is not a belligerent",
    ),
    "land and an amount": (
        ("holder: north", "holder: north\n    amount: 5"),
        "s.yaml:14:3: chips.bridge: area_km2 is for land, amount for other things; "
        "give one pair: area_km2 and peak_km2, or amount and peak with a unit",
    ),
    "neither land nor an amount": (
        ("    area_km2: 10\n    peak_km2: 20\n", ""),
        "s.yaml:14:3: chips.bridge: needs area_km2 and peak_km2 if it is land, and "
        "otherwise amount and peak with a unit",
    ),
    "land without its peak": (
        ("    peak_km2: 20\n", "    value_km2: {north: 1}\n"),
        "s.yaml:14:3: chips.bridge.peak_km2: is missing",
    ),
    "an amount without a unit": (
        (
            "area_km2: 10\n    peak_km2: 20\n",
            "amount: 1\n    peak: 2\n    value_km2: {}\n",
        ),
        "s.yaml:14:3: chips.bridge.unit: is missing",
    ),
    "an amount without a worth": (
        (
            "area_km2: 10\n    peak_km2: 20\n",
            "amount: 1\n    peak: 2\n    unit: ships\n",
        ),
        "s.yaml:14:3: chips.bridge.value_km2: is missing",
    ),
    "an amount above its peak": (
        (
            "area_km2: 10\n    peak_km2: 20\n",
            "amount: 3\n    peak: 2\n    unit: ships\n    value_km2: {}\n",
        ),
        "s.yaml:16:13: chips.bridge.amount: 3 is above the peak, 2 ships",
    ),
    "an amount of land": (
        (
            "area_km2: 10\n    peak_km2: 20\n",
            "amount: 1\n    peak: 2\n    unit: km2\n    value_km2: {}\n",
        ),
        "s.yaml:18:11: chips.bridge.unit: a chip in km2 needs area_km2 and peak_km2",
    ),
    "land in another unit": (
        ("holder: north", "holder: north\n    unit: acres"),
        "s.yaml:16:11: chips.bridge.unit: land is measured in km2",
    ),
    "a side that holds the whole stake": (
        ("held_km2: 1000", "held_km2: 2000"),
        "s.yaml:7:13: front.held_km2: 2000 km2 is not less than the stake of 2000 km2: "
        "a side that holds all of it has won",
    ),
    "a cost of more than ten stakes": (
        ("cost_of_war_km2: 200", "cost_of_war_km2: 20001"),
        "s.yaml:11:11: parties.north.cost_of_war_km2.value: 20001 km2 is more than 10 "
        "times the stake, 2000 km2",
    ),
    "a gain of more than ten stakes, the other way": (
        ("holder: north", "holder: north\n    value_km2: {north: -20001}"),
        "s.yaml:16:24: chips.bridge.value_km2.north: -20001 km2 is more than 10 times",
    ),
    "a spread below 0": (
        ("per_week: 50", "per_week: -1"),
        "s.yaml:9:28: front.volatility_km2_per_week: -1 is below 0",
    ),
    "a drift that no line has": (
        ("per_week: 0", "per_week: 2e6"),
        "s.yaml:8:23: front.drift_km2_per_week: 2000000 is above 1000000",
    ),
    "a field of version 1 in a file of version 2": (
        ("id: short", "id: short\nschema_version: 2\naid: {log_odds_per_unit: 1}"),
        "s.yaml:3:7: aid.log_odds_per_unit: unknown field; since schema_version 2 it "
        "is drift_km2_per_week (x: x times step x battles / 2)",
    ),
    "a step that does not divide a round": (
        ("chips:", "step_days: 2\nnegotiation: {round_every_days: 7}\nchips:"),
        "s.yaml:14:33: negotiation.round_every_days: step_days 2 does not divide 7",
    ),
    "a horizon out of range": (
        ("chips:", "horizon_days: 4000\nchips:"),
        "s.yaml:13:15: horizon_days: 4000 is above 3660",
    ),
    "a first round out of the horizon": (
        ("chips:", "negotiation: {first_round: 2021-01-01}\nchips:"),
        "s.yaml:13:28: negotiation.first_round: 2021-01-01 is outside the days of the "
        "scenario, 2020-01-01 to 2020-06-29",
    ),
    "weights that sum to 0": (
        ("chips:", "negotiation: {proposer_weights: {north: 0, south: 0}}\nchips:"),
        "s.yaml:13:15: negotiation.proposer_weights: the weights sum to 0",
    ),
    "a weight of a stranger": (
        ("chips:", "negotiation: {proposer_weights: {nort: 1}}\nchips:"),
        "s.yaml:13:34: negotiation.proposer_weights.nort: 'nort' is not a party of "
        "this scenario; did you mean 'north'?",
    ),
    "an offer by a stranger": (
        ("chips:", "negotiation: {offers: {o: {offered_by: [west]}}}\nchips:"),
        "s.yaml:13:41: negotiation.offers.o.offered_by.0: 'west' is not a party",
    ),
    "an offer by nobody": (
        ("chips:", "negotiation: {offers: {o: {offered_by: []}}}\nchips:"),
        "s.yaml:13:40: negotiation.offers.o.offered_by: needs at least one party",
    ),
    "an offer of an unknown chip": (
        ("chips:", "negotiation: {offers: {o: {hand_back: {bridg: 1}}}}\nchips:"),
        "s.yaml:13:40: negotiation.offers.o.hand_back.bridg: 'bridg' is not a chip of "
        "this scenario; did you mean 'bridge'?",
    ),
    "more than all of a chip": (
        ("chips:", "negotiation: {offers: {o: {hand_back: {bridge: 1.5}}}}\nchips:"),
        "s.yaml:13:48: negotiation.offers.o.hand_back.bridge: 1.5 is above 1",
    ),
    "an unknown line": (
        ("chips:", "negotiation: {offers: {o: {line: inplace}}}\nchips:"),
        "s.yaml:13:34: negotiation.offers.o.line: 'inplace' is not one of in_place, "
        "optimal; did you mean 'in_place'?",
    ),
    "a line beyond the stake": (
        ("chips:", "negotiation: {offers: {o: {line: {held_km2: 2001}}}}\nchips:"),
        "s.yaml:13:45: negotiation.offers.o.line.held_km2: 2001 km2 is outside the "
        "stake of 2000 km2",
    ),
    "an offer of no days": (
        ("chips:", "negotiation: {offers: {o: {duration_days: 0}}}\nchips:"),
        "s.yaml:13:43: negotiation.offers.o.duration_days: 0 is below 1",
    ),
    "a partial truce that moves the line": (
        (
            "chips:",
            "negotiation: {offers: {o: {kind: partial, line: optimal, "
            "relief: {north: 0.1}}}}\nchips:",
        ),
        "s.yaml:13:49: negotiation.offers.o.line: belongs to a full truce",
    ),
    "a partial truce that relieves nobody": (
        ("chips:", "negotiation: {offers: {o: {kind: partial, relief: {}}}}\nchips:"),
        "s.yaml:13:43: negotiation.offers.o.relief: a partial truce needs relief",
    ),
    "a full truce with relief": (
        ("chips:", "negotiation: {offers: {o: {relief: {north: 0.1}}}}\nchips:"),
        "s.yaml:13:28: negotiation.offers.o.relief: belongs to a partial truce",
    ),
    "a truce with no chance to last": (
        (
            "chips:",
            "truce: {breakdown_per_week: 1}\n"
            "negotiation: {offers: {o: {monitoring: 0}}}\nchips:",
        ),
        "s.yaml:14:40: negotiation.offers.o.monitoring: with 0, a weekly break-down "
        "of 1 and a weekly settlement of 0.01 leave the truce no chance to last",
    ),
    "an event out of the horizon": (
        ("chips:", "timeline: [{date: 2019-12-31, aid_level: 0}]\nchips:"),
        "s.yaml:13:19: timeline.0.date: 2019-12-31 is outside the days",
    ),
    "an event of two kinds": (
        (
            "chips:",
            "timeline: [{date: 2020-01-02, aid_level: 0, regime: {bridge: unchanged}}]"
            "\nchips:",
        ),
        "s.yaml:13:12: timeline.0: needs exactly one of offer, aid_level, regime, "
        "audience_cost_km2; aid_level and regime given",
    ),
    "an event of no kind": (
        ("chips:", "timeline: [{date: 2020-01-02}]\nchips:"),
        "s.yaml:13:12: timeline.0: needs exactly one of",
    ),
    "an event with an unknown offer": (
        ("chips:", "timeline: [{date: 2020-01-02, offer: freez, by: north}]\nchips:"),
        "s.yaml:13:38: timeline.0.offer: 'freez' is not an offer",
    ),
    "an event with an offer by nobody": (
        ("chips:", "timeline: [{date: 2020-01-02, offer: freeze}]\nchips:"),
        "s.yaml:13:12: timeline.0: an offer and who puts it on the table (by)",
    ),
    "an offer by who may not make it": (
        (
            "chips:",
            "negotiation: {offers: {o: {offered_by: [south]}}}\n"
            "timeline: [{date: 2020-01-02, offer: o, by: north}]\nchips:",
        ),
        "s.yaml:14:45: timeline.0.by: 'north' is not in offered_by of o (south)",
    ),
    "two offers on a day": (
        (
            "chips:",
            "timeline:\n- {date: 2020-01-02, offer: freeze, by: north}\n"
            "- {date: 2020-01-02, offer: freeze, by: south}\nchips:",
        ),
        "s.yaml:15:29: timeline.1.offer: there is a second offer on 2020-01-02",
    ),
    "an event with an unknown regime": (
        (
            "chips:",
            "timeline: [{date: 2020-01-02, regime: {bridge: unchangd}}]\nchips:",
        ),
        "s.yaml:13:48: timeline.0.regime.bridge: 'unchangd' is not a regime here",
    ),
    "an event with an unknown chip": (
        (
            "chips:",
            "timeline: [{date: 2020-01-02, regime: {brige: unchanged}}]\nchips:",
        ),
        "s.yaml:13:40: timeline.0.regime.brige: 'brige' is not a chip",
    ),
    "another version of the format": (
        ("id: short", "id: short\nschema_version: 3"),
        "s.yaml:2:17: schema_version: needs 2",
    ),
    "an id with a blank": (
        ("id: short", "id: short one"),
        "s.yaml:1:5: id: 'short one' does not fit the pattern",
    ),
    "an empty title": (
        ("title: Two neighbours and a valley", "title: ''"),
        "s.yaml:2:8: title: must not be empty",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_each_mistake_is_the_only_complaint_and_names_its_place(mistake, problems):
    swap, expected = MISTAKES[mistake]
    found = problems(swap)
    assert len(found) == 1, found
    assert found[0].startswith(expected), found[0]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_caret_stands_under_the_column_named(mistake, problems):
    swap, _ = MISTAKES[mistake]
    head, line, caret = problems(swap)[0].split("\n")
    column = int(head.split(":")[2])
    assert caret == " " * (4 + column - 1) + "^"
    assert len(line) >= len(caret) - 1


@pytest.mark.parametrize(
    ("group", "most", "entry"),
    [
        ("chips", 4, "{holder: north, area_km2: 0, peak_km2: 1}"),
        ("negotiation.offers", 16, "{duration_days: 30}"),
        ("chips.bridge.regimes", 4, "{loss_per_week: 0.1}"),
    ],
)
def test_more_than_fit_into_a_world_are_refused(group, most, entry, problems, write):
    short = "id: s\ntitle: t\nstart_date: 2020-01-01\n"
    short += "front: {side: a, stake_km2: 20, held_km2: 10, drift_km2_per_week: 0, "
    short += (
        "volatility_km2_per_week: 1}\nparties: {a: &a {cost_of_war_km2: 1, belief: "
    )
    short += "{drift_km2_per_week: 0}}, b: *a}\n"
    bodies = {
        "chips": "chips: {{{}}}\n",
        "negotiation.offers": "negotiation: {{offers: {{{}}}}}\n",
        "chips.bridge.regimes": "chips: {{bridge: {{holder: a, area_km2: 0, "
        "peak_km2: 1, regime: e0, regimes: {{{}}}}}}}\n",
    }

    def scenario(count):
        entries = ", ".join(
            f"e{i}: {entry.replace('north', 'a')}" for i in range(count)
        )
        return short + bodies[group].format(entries)

    load(write(text=scenario(most), name="fine.yaml"))
    found = problems(text=scenario(most + 1))
    assert len(found) == 1
    assert f"{group}: at most {most} fit into a world, {most + 1} given" in found[0]
    assert found[0].startswith("s.yaml:6:")


def test_three_mistakes_in_a_copy_of_the_flagship_are_all_named(
    flagship_text, problems
):
    found = problems(
        ("discount_factor_per_week:", "discount_factor_pr_week:"),
        ("holder: ukraine", "holder: ukrane"),
        ("low: 152", "low: 252"),
        text=flagship_text,
    )
    lines = flagship_text.splitlines()
    places = [
        (1 + lines.index("discount_factor_per_week:"), 1),
        (1 + lines.index("    holder: ukraine"), 13),
        (1 + lines.index("      low: 152"), 12),
    ]
    assert [each.split(": ")[0] for each in found] == [
        f"s.yaml:{line}:{column}" for line, column in places
    ]
    assert "did you mean 'discount_factor_per_week'?" in found[0]
    assert "did you mean 'ukraine'?" in found[1]
    assert "252 is above high, 227" in found[2]


def test_mistakes_of_every_kind_are_reported_together(problems):
    swaps = [
        ("id: short", "id: short\nid: again"),
        ("2020-01-01", "2020-13-01"),
        ("side: north", "side: west"),
        ("held_km2: 1000", "held_km2: 5000"),
        ("north: {", "north: {conditions: [peace], bargaining_weight: 2, "),
        ("holder: north", "holder: !x north"),
        ("area_km2: 10", "area_km2: {value: 10, low: 11}"),
        ("    peak_km2: 20", "    peak_km2: 20\n    regime: war\nchps: {}"),
    ]
    found = problems(*swaps)
    assert [each.split(": ")[1] for each in found] == [
        "id",
        "start_date",
        "front.side",
        "front.held_km2",
        "parties.north.conditions.0",
        "parties.north.bargaining_weight",
        "chips.bridge.holder",
        "chips.bridge.area_km2.low",
        "chips.bridge.regime",
        "chps",
    ]


def test_a_file_that_is_not_utf_8_names_the_byte(problems):
    found = problems(text=b"id: short\ntitle: caf\xe9\n")
    assert found[0].startswith("s.yaml:2:11: not UTF-8: byte 0xe9")


def test_a_file_over_a_megabyte_is_refused_unread(problems):
    found = problems(text="#" * 1_000_001)
    assert found == ["s.yaml:1:1: the file has more than 1,000,000 bytes\n    \n    ^"]


def test_an_empty_file_and_a_list_are_no_scenarios(problems):
    assert problems(text="# nothing\n")[0].startswith("s.yaml:1:1: the file is empty")
    assert "a scenario is a mapping of fields" in problems(text="- id: short\n")[0]


def test_aliases_that_explode_are_refused_quickly(problems):
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for new, old in zip("bcdefghi", "abcdefgh", strict=True):
        lines.append(f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]")
    found = problems(text="\n".join(lines))
    assert len(found) == 1
    assert "more than 20,000 values with aliases" in found[0]


def test_aliases_that_nest_deeper_than_the_text_are_refused(problems):
    lines = ["a0: &a0 [x]"]
    lines += [f"a{i}: &a{i} [*a{i - 1}]" for i in range(1, 40)]
    assert "nested deeper than 32 with aliases" in problems(text="\n".join(lines))[0]


def test_a_harmless_alias_stands_for_what_it_names(write):
    file = write(
        ("belief: {drift_km2_per_week: 10}", "belief: &b {drift_km2_per_week: 7}"),
        ("belief: {drift_km2_per_week: -10}", "belief: *b"),
    )
    parties = load(file).scenario.parties
    assert {p.belief.drift_km2_per_week for p in parties.values()} == {7.0}


@pytest.mark.parametrize(
    "text",
    [
        "'[' * 300_000",
        "'{a: ' * 200_000",
        "'- ' * 300_000",
        "'? ' * 300_000",
        "''.join(' ' * i + 'a:\\n' for i in range(1300))",
        "'a: &a [' + '*a, ' * 100_000",
    ],
)
def test_deep_nesting_does_not_crash_the_process(text, tmp_path):
    file = tmp_path / "deep.yaml"
    program = (
        "import sys, pathlib\n"
        "from sim.errors import ScenarioError\n"
        "from sim.scenario.load import load\n"
        f"pathlib.Path(sys.argv[1]).write_text({text})\n"
        "try:\n    load(pathlib.Path(sys.argv[1]))\n"
        "except ScenarioError as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(file)],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stdout.startswith(f"{file}:")
    assert "nested deeper than 32" in done.stdout or "contain itself" in done.stdout


@pytest.mark.parametrize("thing", ["{north: 1}", "[north]", "4", "''"])
def test_a_patron_that_supports_no_name_is_refused(thing, problems):
    """Found by tests/fuzz.py: a mapping there was a fault of ours."""
    found = problems(
        (
            "chips:",
            f"  west: {{role: patron, supports: {thing}}}\n"
            "aid: {rule: {name: conditional}}\nchips:",
        ),
    )
    assert any("parties.west.supports" in problem for problem in found), found
