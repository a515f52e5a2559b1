"""Australia's consolidated list (`au_dfat`)."""
