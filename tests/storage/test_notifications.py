from collections.abc import Iterator
from pathlib import Path

import pytest

from watchparty.domain.comment import Comment
from watchparty.domain.notification import Kind, Notification
from watchparty.domain.user import Role, User
from watchparty.storage.comments import CommentStore
from watchparty.storage.database import Tx, connect
from watchparty.storage.migrations import migrate
from watchparty.storage.notifications import NotificationStore
from watchparty.storage.users import UserStore

LAST = 1 << 62
store = NotificationStore()


@pytest.fixture
def tx(tmp_path: Path) -> Iterator[Tx]:
    """Ann and Bob have accounts."""
    migrate(tmp_path / "watchparty.db", tmp_path / "backups")
    connection = connect(tmp_path / "watchparty.db")
    for name in ("ann", "bob"):
        UserStore().add(connection, User(name, name, name, Role.USER, None, 1.0), "hash")
    yield connection
    connection.close()


def kept(tx: Tx, user_id: str) -> list[str]:
    return [one.notification.id for one in store.page(tx, user_id, LAST, 1000)]


def test_the_oldest_go_and_what_came_too_long_ago(tx: Tx) -> None:
    for i in range(6):
        store.add(tx, Notification(f"n{i}", "ann", Kind.MENTION, float(i)))
    store.add(tx, Notification("bobs", "bob", Kind.MENTION, 0.0))
    store.prune(tx, "ann", 0.0, 10)
    assert len(kept(tx, "ann")) == 6
    store.prune(tx, "ann", 2.0, 10)
    assert kept(tx, "ann") == ["n5", "n4", "n3", "n2"]
    store.prune(tx, "ann", 0.0, 3)
    assert kept(tx, "ann") == ["n5", "n4", "n3"]
    assert kept(tx, "bob") == ["bobs"]


def test_the_same_one_again_is_kept_once(tx: Tx) -> None:
    for _ in range(2):
        store.add(tx, Notification("event-7", "ann", Kind.VIDEO_READY, 1.0))
    assert store.unread(tx, "ann") == {None: 1}


def test_the_words_of_a_deleted_comment_are_forgotten_and_its_row_stays(tx: Tx) -> None:
    tx.execute(
        "INSERT INTO videos (id, owner_id, title, description, tags, visibility, status, created_at, updated_at)"
        " VALUES ('film', 'ann', 'Film', '', '[]', 'public', 'ready', 1, 1)"
    )
    comments = CommentStore()
    for name in ("old", "new", "kept"):
        comments.add(tx, Comment(name, "film", "bob", "secret", 1.0, at=2.0, mentions=("ann",)))
    comments.delete(tx, "old", "bob", 10.0)
    comments.delete(tx, "new", "bob", 20.0)
    comments.forget(tx, 15.0)
    texts = {name: found.text for name in ("old", "new", "kept") if (found := comments.get(tx, name)) is not None}
    assert texts == {"old": "", "new": "secret", "kept": "secret"}
