"""Files that people hand in through the browser: looked at, tried, queued, or thrown away."""
