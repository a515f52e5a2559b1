"""Jobs as this machine does them: their settings, what each kind does, the worker that is wired of it."""
