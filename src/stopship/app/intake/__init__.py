"""From the bytes of a list file to a snapshot that is ready to be kept."""
