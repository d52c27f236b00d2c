"""The live page: one world stepped day by day in a browser, with Mesa's own controls.

`serve` starts it, `app` is the page, `choice` what a reader has chosen, `worlds` the
model that Mesa steps, `panels` what is shown of it.
"""
