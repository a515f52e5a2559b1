"""Official lists as their publishers print them, read into entities. Nothing here fetches or matches."""
