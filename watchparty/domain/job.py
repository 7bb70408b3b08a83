"""Work that outlives a request: queued, counted, tried again where that helps, and told about while it runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

OPERATIONS = ("extract-audio", "resize", "convert")
"""What people ask for; every other kind the server does by itself."""

# A job that was under way this often when the server died is set aside instead of tried again.
MOST_DEATHS = 3
# After a fault of the disk that may pass, a job is tried again this often.
MOST_RETRIES = 5
_FIRST_DELAY, _LONGEST_DELAY = 0.1, 5.0
_FIRST_WAIT_FOR_ROOM, _LONGEST_WAIT_FOR_ROOM = 5.0, 30.0


class JobStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Job:
    """`progress` runs from 0 to 1; times are Unix seconds. `created_by` is the person whose turn it takes;
    what nobody asked for, such as looking at a folder's backlog, takes turns as one person.

    `attempts` counts every beginning, `deaths` those that ended with the server, `retries` those that ended in a fault
    that may pass. `result` says what an operation made. `trace` is the span that queued it (W3C's traceparent).
    """

    id: str
    kind: str
    video_id: str
    created_at: float
    created_by: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    status: JobStatus = JobStatus.QUEUED
    progress: float = 0.0
    attempts: int = 0
    deaths: int = 0
    retries: int = 0
    error: str | None = None
    result: Mapping[str, Any] | None = None
    run_at: float = 0.0
    started_at: float | None = None
    finished_at: float | None = None
    trace: str | None = None

    @property
    def can_cancel(self) -> bool:
        return self.status in {JobStatus.QUEUED, JobStatus.RUNNING}

    @property
    def can_retry(self) -> bool:
        return self.status in {JobStatus.FAILED, JobStatus.CANCELLED}


@dataclass(frozen=True)
class Queue:
    """How the queue stands: numbers of jobs, and how long (seconds) the one has waited that waits longest."""

    active: int
    waiting: int
    delayed: int
    completed: int
    failed: int
    oldest_waiting_seconds: float


@dataclass(frozen=True)
class WantedJobs:
    """Which jobs to list, newest first. `owner_id` sees those of their own films; None sees all.

    `after` is where the page before ended: when its last job was made, and its id.
    """

    owner_id: str | None
    video_id: str | None
    status: str | None
    kind: str | None
    limit: int
    after: tuple[float, str] | None = None


def next_of(
    waiting: Sequence[Job],
    ranks: Mapping[str, int],
    running: Mapping[str | None, int],
    served: Mapping[str | None, int],
) -> Job | None:
    """Whose job comes next: of the more urgent kinds, from whoever has fewest running and was served longest ago.

    `running` counts each person's jobs under way, `served` holds the number of the last turn each had.
    """
    return min(
        waiting,
        key=lambda job: (
            ranks[job.kind],
            running.get(job.created_by, 0),
            served.get(job.created_by, 0),
            job.created_at,
        ),
        default=None,
    )


def delay(retries: int, chance: float) -> float:
    """Seconds to wait before trying again after a fault: doubling, and spread by `chance`, 0 to 1.

    Jobs that failed together then do not all come back at the same moment.
    """
    return min(_LONGEST_DELAY, _FIRST_DELAY * 2.0**retries) * (0.5 + chance / 2)


def wait_for_room(retries: int, chance: float) -> float:
    """The same for a full disk, which somebody has to clear first."""
    return min(_LONGEST_WAIT_FOR_ROOM, _FIRST_WAIT_FOR_ROOM * 2.0 ** min(retries, 10)) * (0.5 + chance / 2)
