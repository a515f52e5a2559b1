"""Files that people hand in through the browser: kept until they are screened or thrown away, looked at, tried, queued."""
