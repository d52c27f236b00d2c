"""Tables from the outcomes of many worlds: estimates, intervals, differences."""
