"""Jobs as they are kept, so that a restart goes on with them."""

import sqlite3

from watchparty.domain.job import Job, JobStatus
from watchparty.storage.database import Tx


class JobStore:
    def add(self, tx: Tx, job: Job) -> None:
        tx.execute(
            "INSERT INTO jobs (id, kind, video_id, status, created_at) VALUES (?, ?, ?, ?, ?)",
            (job.id, job.kind, job.video_id, job.status, job.created_at),
        )

    def claim(self, tx: Tx, kind: str, now: float) -> Job | None:
        """The job of this kind that has waited longest, now running and one attempt the richer."""
        row = tx.execute(
            "UPDATE jobs SET status = 'running', attempts = attempts + 1, started_at = :now, progress = 0"
            " WHERE id = (SELECT id FROM jobs WHERE status = 'queued' AND kind = :kind ORDER BY created_at LIMIT 1)"
            " RETURNING *",
            {"kind": kind, "now": now},
        ).fetchone()
        return _job(row) if row else None

    def finish(self, tx: Tx, job_id: str, status: JobStatus, error: str | None, now: float) -> None:
        tx.execute(
            "UPDATE jobs SET status = :status, error = :error, finished_at = :now,"
            " progress = CASE WHEN :status = 'done' THEN 1 ELSE progress END WHERE id = :id",
            {"status": status, "error": error, "now": now, "id": job_id},
        )

    def requeue(self, tx: Tx, job_id: str) -> None:
        tx.execute("UPDATE jobs SET status = 'queued' WHERE id = ?", (job_id,))

    def release(self, tx: Tx, job_id: str) -> None:
        """Put a job back as if it had not been claimed, unless it was cancelled."""
        tx.execute(
            "UPDATE jobs SET status = 'queued', attempts = attempts - 1 WHERE id = ? AND status = 'running'", (job_id,)
        )

    def has_open(self, tx: Tx, kind: str, video_id: str) -> bool:
        """Whether such a job waits or runs."""
        row = tx.execute(
            "SELECT 1 FROM jobs WHERE video_id = ? AND kind = ? AND status IN ('queued', 'running')", (video_id, kind)
        ).fetchone()
        return row is not None

    def cancel(self, tx: Tx, kind: str, video_id: str, now: float) -> None:
        """Those that wait or run."""
        tx.execute(
            "UPDATE jobs SET status = 'cancelled', finished_at = ?"
            " WHERE video_id = ? AND kind = ? AND status IN ('queued', 'running')",
            (now, video_id, kind),
        )

    def running(self, tx: Tx) -> list[Job]:
        """Those that were running when the server stopped, asked at its start."""
        return [_job(row) for row in tx.execute("SELECT * FROM jobs WHERE status = 'running'")]


def _job(row: sqlite3.Row) -> Job:
    return Job(
        id=row["id"],
        kind=row["kind"],
        video_id=row["video_id"],
        created_at=row["created_at"],
        status=JobStatus(row["status"]),
        progress=row["progress"],
        attempts=row["attempts"],
        error=row["error"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
    )
