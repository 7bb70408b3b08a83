from watchparty.domain.conduct import BURST, PATIENCE, RATE, Bucket, Conduct


def test_a_bucket_gives_a_burst_and_then_its_rate() -> None:
    bucket = Bucket.full(rate=2, burst=3, now=0)
    assert [bucket.take(0) for _ in range(4)] == [True, True, True, False]
    assert [bucket.take(1) for _ in range(3)] == [True, True, False]


def test_a_bucket_never_holds_more_than_its_burst() -> None:
    bucket = Bucket.full(rate=2, burst=3, now=0)
    assert [bucket.take(1000) for _ in range(4)] == [True, True, True, False]


def test_a_lively_player_is_never_cut_short() -> None:
    conduct = Conduct(0)
    assert all(conduct.may_speak(i / RATE) for i in range(1000))


def test_a_flood_is() -> None:
    conduct = Conduct(0)
    assert sum(conduct.may_speak(0) for _ in range(1000)) == BURST


def test_a_few_offences_are_forgiven_and_a_row_of_them_is_not() -> None:
    conduct = Conduct(0)
    assert [conduct.is_forgiven(0) for _ in range(int(PATIENCE) + 1)] == [True] * int(PATIENCE) + [False]
    assert conduct.is_forgiven(10)
