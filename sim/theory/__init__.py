"""Published models of bargaining and war as calculators, each with its source."""
