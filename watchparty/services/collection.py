"""What people do with films besides watching them, put together: looking through, tidying, looking back."""

from dataclasses import dataclass

from watchparty.services.audit import Audit
from watchparty.services.bulk_edit import BulkEdit
from watchparty.services.catalogue import Catalogue
from watchparty.services.cells import Cells
from watchparty.services.clock import Clock
from watchparty.services.events import Events
from watchparty.services.films import Films
from watchparty.services.grants import Grants
from watchparty.services.history import History
from watchparty.services.keeping import Keeping
from watchparty.services.posters import Posters
from watchparty.services.progress import Progress
from watchparty.services.trash import Trash
from watchparty.services.videos import Videos
from watchparty.services.viewings import Viewings
from watchparty.storage.catalogue import CatalogueStore
from watchparty.storage.database import Database
from watchparty.storage.objects import ObjectStore
from watchparty.storage.positions import PositionStore
from watchparty.storage.trash import TrashStore
from watchparty.storage.videos import VideoStore
from watchparty.storage.viewings import ViewingStore


@dataclass(frozen=True)
class Collection:
    catalogue: Catalogue
    trash: Trash
    bulk: BulkEdit
    history: History
    viewings: Viewings
    posters: Posters


def collection(
    database: Database,
    videos: Videos,
    films: Films,
    keeping: Keeping,
    cells: Cells,
    objects: ObjectStore,
    grants: Grants,
    progress: Progress,
    events: Events,
    audit: Audit,
    clock: Clock,
) -> Collection:
    store = VideoStore()
    trash = Trash(database, TrashStore(), store, videos, cells, objects, grants, progress, events, audit, clock)
    return Collection(
        Catalogue(database, CatalogueStore(), store),
        trash,
        BulkEdit(database, store, videos, trash, keeping, clock),
        History(database, PositionStore(), videos, clock),
        Viewings(database, ViewingStore(), store, videos, grants, clock),
        Posters(database, store, videos, films, objects, events),
    )
