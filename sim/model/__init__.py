"""The compiled loop over many worlds; the same stages as the Mesa model."""
