"""The model held to what was seen: fitted to observations, and tested on later ones."""
