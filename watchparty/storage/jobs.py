"""Jobs as they are kept, so that a restart goes on with them and people can look back."""

import json
import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

from watchparty.domain.job import Job, JobStatus, Queue, WantedJobs
from watchparty.storage.database import Tx

# Among the options in the database; nobody else sees it there.
TRACE = "traceparent"


class JobStore:
    """`trace` says, of the task that adds a job, which span it is a part of; it is kept with the job's options."""

    def __init__(self, trace: Callable[[], str | None] = lambda: None) -> None:
        self._trace = trace

    def add(self, tx: Tx, job: Job) -> None:
        tx.execute(
            "INSERT INTO jobs (id, kind, video_id, status, created_at, created_by, options, run_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                job.id,
                job.kind,
                job.video_id,
                job.status,
                job.created_at,
                job.created_by,
                json.dumps(self._with_trace(job.options)),
                max(job.run_at, job.created_at),
            ),
        )

    def _with_trace(self, options: Mapping[str, Any]) -> dict[str, Any]:
        trace = self._trace()
        return {**options, TRACE: trace} if trace else dict(options)

    def waits(self, tx: Tx, kind: str) -> bool:
        """Whether a job of this kind is queued."""
        row = tx.execute("SELECT 1 FROM jobs WHERE status = 'queued' AND kind = ? LIMIT 1", (kind,)).fetchone()
        return row is not None

    def get(self, tx: Tx, job_id: str) -> Job | None:
        row = tx.execute("SELECT * FROM jobs WHERE id = ?", (job_id,)).fetchone()
        return _job(row) if row else None

    def owner(self, tx: Tx, job: Job) -> str | None:
        """Whose film it works on; None once that is deleted."""
        row = tx.execute("SELECT owner_id FROM videos WHERE id = ?", (job.video_id,)).fetchone()
        return row["owner_id"] if row else None

    def page(self, tx: Tx, wanted: WantedJobs) -> list[tuple[Job, str]]:
        """Jobs and the titles of their films."""
        key, job_id = wanted.after or (None, None)
        rows = tx.execute(
            "SELECT jobs.*, videos.title FROM jobs JOIN videos ON videos.id = jobs.video_id"
            " WHERE videos.deleted_at IS NULL AND (:owner_id IS NULL OR videos.owner_id = :owner_id)"
            " AND (:video_id IS NULL OR jobs.video_id = :video_id)"
            " AND (:status IS NULL OR jobs.status = :status) AND (:kind IS NULL OR jobs.kind = :kind)"
            " AND (:key IS NULL OR (jobs.created_at, jobs.id) < (:key, :id))"
            " ORDER BY jobs.created_at DESC, jobs.id DESC LIMIT :limit",
            {
                "owner_id": wanted.owner_id,
                "video_id": wanted.video_id,
                "status": wanted.status,
                "kind": wanted.kind,
                "key": key,
                "id": job_id,
                "limit": wanted.limit,
            },
        )
        return [(_job(row), row["title"]) for row in rows]

    def waiting(self, tx: Tx, kind: str, now: float) -> list[Job]:
        """Of each person, the job of this kind that has waited longest and may run."""
        rows = tx.execute(
            # SQLite takes the other columns from the row of the minimum.
            "SELECT *, MIN(created_at) FROM jobs WHERE status = 'queued' AND kind = ? AND run_at <= ?"
            " GROUP BY created_by",
            (kind, now),
        )
        return [_job(row) for row in rows]

    def open_of(self, tx: Tx, kind: str, video_id: str) -> list[str]:
        """The ids of a film's jobs of this kind that wait or run."""
        rows = tx.execute(
            "SELECT id FROM jobs WHERE video_id = ? AND kind = ? AND status IN ('queued', 'running')", (video_id, kind)
        )
        return [row["id"] for row in rows]

    def has_open(self, tx: Tx, kind: str, video_id: str) -> bool:
        """Whether such a job waits or runs."""
        return bool(self.open_of(tx, kind, video_id))

    def next_due(self, tx: Tx, kind: str, now: float) -> float | None:
        """When the next job of this kind may run that may not yet."""
        row = tx.execute(
            "SELECT MIN(run_at) AS due FROM jobs WHERE status = 'queued' AND kind = ? AND run_at > ?", (kind, now)
        ).fetchone()
        return None if row["due"] is None else float(row["due"])

    def begin(self, tx: Tx, job_id: str, now: float) -> Job:
        """It runs from now on, one attempt the richer."""
        row = tx.execute(
            "UPDATE jobs SET status = 'running', attempts = attempts + 1, started_at = ?, finished_at = NULL,"
            " progress = 0, error = NULL WHERE id = ? RETURNING *",
            (now, job_id),
        ).fetchone()
        return _job(row)

    def finish(
        self,
        tx: Tx,
        job_id: str,
        status: JobStatus,
        now: float,
        *,
        error: str | None = None,
        result: Mapping[str, Any] | None = None,
    ) -> bool:
        """Ends a job that waits or runs. False when it has ended already, or has gone with its film."""
        changed = tx.execute(
            "UPDATE jobs SET status = :status, error = :error, finished_at = :now, result = :result,"
            " progress = CASE WHEN :status = 'done' THEN 1 ELSE progress END"
            " WHERE id = :id AND status IN ('queued', 'running')",
            {
                "status": status,
                "error": error,
                "now": now,
                "result": None if result is None else json.dumps(dict(result)),
                "id": job_id,
            },
        )
        return changed.rowcount == 1

    def set_progress(self, tx: Tx, progress: Mapping[str, float]) -> None:
        """How far each of these jobs is, 0 to 1."""
        tx.executemany(
            "UPDATE jobs SET progress = ? WHERE id = ? AND status = 'running'",
            [(done, job_id) for job_id, done in progress.items()],
        )

    def try_later(self, tx: Tx, job_id: str, run_at: float, error: str) -> bool:
        """Queue a job again whose attempt met a fault that may pass. False when it runs no longer."""
        changed = tx.execute(
            "UPDATE jobs SET status = 'queued', retries = retries + 1, run_at = ?, error = ?, progress = 0"
            " WHERE id = ? AND status = 'running'",
            (run_at, error, job_id),
        )
        return changed.rowcount == 1

    def anew(self, tx: Tx, job_id: str, now: float) -> bool:
        """Queue a job that failed or was cancelled as if nothing had been. False when it is in another state."""
        changed = tx.execute(
            "UPDATE jobs SET status = 'queued', deaths = 0, retries = 0, run_at = ?, error = NULL, progress = 0,"
            " started_at = NULL, finished_at = NULL WHERE id = ? AND status IN ('failed', 'cancelled')",
            (now, job_id),
        )
        return changed.rowcount == 1

    def release(self, tx: Tx, job_id: str) -> None:
        """Put a job back as if it had not begun."""
        tx.execute(
            "UPDATE jobs SET status = 'queued', attempts = attempts - 1, progress = 0"
            " WHERE id = ? AND status = 'running'",
            (job_id,),
        )

    def running(self, tx: Tx) -> list[Job]:
        """Those that were running when the server died, asked at its start."""
        return [_job(row) for row in tx.execute("SELECT * FROM jobs WHERE status = 'running'")]

    def delete(self, tx: Tx, job_id: str) -> bool:
        """Forget a job that has ended. False when it has not, or there is none."""
        deleted = tx.execute("DELETE FROM jobs WHERE id = ? AND status NOT IN ('queued', 'running')", (job_id,))
        return deleted.rowcount == 1

    def died(self, tx: Tx) -> None:
        """Queue again what was running when the server died, and count that."""
        tx.execute("UPDATE jobs SET status = 'queued', deaths = deaths + 1, progress = 0 WHERE status = 'running'")

    def queue(self, tx: Tx, now: float) -> Queue:
        counts = {
            row["status"]: row["jobs"]
            for row in tx.execute("SELECT status, COUNT(*) AS jobs FROM jobs GROUP BY status")
        }
        waiting = tx.execute(
            "SELECT COUNT(*) AS jobs, MIN(run_at) AS since FROM jobs WHERE status = 'queued' AND run_at <= ?", (now,)
        ).fetchone()
        return Queue(
            active=counts.get("running", 0),
            waiting=waiting["jobs"],
            delayed=counts.get("queued", 0) - waiting["jobs"],
            completed=counts.get("done", 0),
            failed=counts.get("failed", 0),
            oldest_waiting_seconds=0.0 if waiting["since"] is None else max(0.0, now - waiting["since"]),
        )

    def outputs(self, tx: Tx) -> set[str]:
        """The keys of everything that operations have made and finished."""
        rows = tx.execute("SELECT result ->> '$.key' AS key FROM jobs WHERE status = 'done' AND result IS NOT NULL")
        return {row["key"] for row in rows}

    def newest_done(self, tx: Tx, video_id: str, kind: str) -> Job | None:
        row = tx.execute(
            "SELECT * FROM jobs WHERE video_id = ? AND kind = ? AND status = 'done' ORDER BY created_at DESC LIMIT 1",
            (video_id, kind),
        ).fetchone()
        return _job(row) if row else None

    def prune(self, tx: Tx, ending: JobStatus, keep: int) -> None:
        """Forget jobs of this ending but the newest `keep`; those whose work can be fetched stay."""
        tx.execute(
            "DELETE FROM jobs WHERE status = :status AND result IS NULL AND finished_at < (SELECT finished_at"
            " FROM jobs WHERE status = :status ORDER BY finished_at DESC LIMIT 1 OFFSET :keep - 1)",
            {"status": ending, "keep": keep},
        )


def _job(row: sqlite3.Row) -> Job:
    options = json.loads(row["options"])
    trace = options.pop(TRACE, None)
    return Job(
        id=row["id"],
        kind=row["kind"],
        video_id=row["video_id"],
        created_at=row["created_at"],
        created_by=row["created_by"],
        options=options,
        trace=trace,
        status=JobStatus(row["status"]),
        progress=row["progress"],
        attempts=row["attempts"],
        deaths=row["deaths"],
        retries=row["retries"],
        error=row["error"],
        result=None if row["result"] is None else json.loads(row["result"]),
        run_at=row["run_at"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
    )
