"""A list of one's own (`custom`): CSV, XLSX or JSON lines, read as a mapping file says."""
