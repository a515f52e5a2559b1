"""The workbench: pages for people, rendered here and swapped by htmx. Views translate; every rule stays below.

`workbench.workbench(desk)` gives the ASGI application. Pages ask `app` for what is shown, presenters turn it into
records that a template can print, and templates hold all markup. Nothing here decides.
"""
