"""The bundled starter list: the 28 entities of 84 FR 54002. Not for real screening."""
