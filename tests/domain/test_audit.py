from watchparty.domain.audit import HIDDEN, without_secrets


def test_what_is_secret_by_its_name_is_left_out_on_every_level() -> None:
    values = {
        "username": "ada",
        "password": "correct horse",
        "new_password": "x",
        "refresh_token": "x",
        "api_key": "x",
        "webhook": {"url": "http://here", "secret": "whsec_1"},
        "sessions": [{"id": "1", "hash": "x"}],
    }
    kept = without_secrets(values)
    assert kept == {
        "username": "ada",
        "password": HIDDEN,
        "new_password": HIDDEN,
        "refresh_token": HIDDEN,
        "api_key": HIDDEN,
        "webhook": {"url": "http://here", "secret": HIDDEN},
        "sessions": [{"id": "1", "hash": HIDDEN}],
    }


def test_words_that_only_sound_secret_are_kept() -> None:
    assert without_secrets({"keep_free": 1, "monkey": "x", "pinned": True}) == {
        "keep_free": 1,
        "monkey": "x",
        "pinned": True,
    }


def test_long_texts_are_cut_and_what_is_not_json_becomes_text() -> None:
    kept = without_secrets({"text": "x" * 501, "values": (1, 2.5, None), "kind": object})
    assert kept is not None
    assert kept["text"] == "x" * 500 + "…" and kept["values"] == [1, 2.5, None]
    assert kept["kind"] == str(object)


def test_nothing_stays_nothing() -> None:
    assert without_secrets(None) is None
