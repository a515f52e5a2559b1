"""What a running server holds and does, without any of the web: the lists in use, look-ups, decisions."""
