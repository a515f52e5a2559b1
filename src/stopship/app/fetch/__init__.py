"""Getting files of lists from their publishers: the one place that uses the network."""

from stopship.app.fetch.bounds import Bounds
from stopship.app.fetch.download import Downloader
from stopship.app.fetch.folder import Copy, DownloadFolder

__all__ = ["Bounds", "Copy", "DownloadFolder", "Downloader"]
