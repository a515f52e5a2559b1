"""Pure functions from what the engine says to what a page shows. They know no request, no language, no clock:
words of the interface are named by key and looked up where a page is rendered."""
