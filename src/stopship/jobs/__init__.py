"""Work that goes on behind the interfaces: a queue of jobs, a worker, a schedule, webhooks, the digest.

What a job does lies in `app`, which hands it to the worker; here is when and how it is done.
"""

from stopship.jobs.files import JobFiles
from stopship.jobs.queue import KINDS, Page, Queue

__all__ = ["KINDS", "JobFiles", "Page", "Queue"]
