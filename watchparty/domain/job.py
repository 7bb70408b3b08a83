"""Work that outlives a request: queued, counted, and told about while it runs."""

from dataclasses import dataclass
from enum import StrEnum

# A film that was being worked on this often when the server died is set aside instead of tried again.
MOST_ATTEMPTS = 3


class JobStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Job:
    """`progress` runs from 0 to 1; times are Unix seconds."""

    id: str
    kind: str
    video_id: str
    created_at: float
    status: JobStatus = JobStatus.QUEUED
    progress: float = 0.0
    attempts: int = 0
    error: str | None = None
    started_at: float | None = None
    finished_at: float | None = None
