"""The numbers that nobody counts as they change: looked up when they are fetched."""

from watchparty.services.cells import Cells
from watchparty.services.job_metrics import WorkCollector
from watchparty.services.jobs import Jobs
from watchparty.services.metrics import Metrics
from watchparty.services.storage_metrics import CacheCollector


class Vitals:
    def __init__(self, metrics: Metrics, cells: Cells, jobs: Jobs) -> None:
        self._cells = cells
        self._jobs = jobs
        self._cache = CacheCollector(lambda: cells.tally)
        self._work = WorkCollector(lambda: (cells.pool.encoding_seconds, cells.pool.film_seconds))
        metrics.add(self._cache)
        metrics.add(self._work)
        metrics.look_before(self._look)

    async def _look(self) -> None:
        self._cache.looked(await self._cells.usage())
        self._work.looked(await self._jobs.queue())
