from watchparty.domain.backup import Backup, BackupKind, kind_of, outlived


def test_only_the_newest_seven_of_those_made_by_schedule_stay() -> None:
    scheduled = [Backup(f"schedule-{day}.db", BackupKind.SCHEDULE, day, 1, 18) for day in range(10)]
    others = [Backup(f"by-hand-{day}.db", BackupKind.BY_HAND, day, 1, 18) for day in range(10)]
    assert {backup.made_at for backup in outlived([*scheduled, *others])} == {0, 1, 2}
    assert all(backup.kind is BackupKind.SCHEDULE for backup in outlived([*others, *scheduled]))


def test_a_name_says_why_a_backup_was_made_and_leads_nowhere_else() -> None:
    assert kind_of("by-hand-20260101-000000-ab12.db") is BackupKind.BY_HAND
    assert kind_of("before-migration-from-0012-20260101-000000.db") is BackupKind.BEFORE_MIGRATION
    for name in (
        "",
        "..",
        "watchparty.db",
        "../watchparty.db",
        "by-hand-../../secret.key",
        "by-hand-x/../../watchparty.db",
        "by-hand-x.db\n",
        "by-hand-x.db\0",
        "by-hand-x.db-wal",
        "by-hand-..db",
        "BY-HAND-x.db",
    ):
        assert kind_of(name) is None, name
