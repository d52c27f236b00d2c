"""For a browser: the classroom page, one file without a server, and the dashboard.

In: a sweep on disk, or a scenario. Out: HTML under a strict content security policy.
"""
