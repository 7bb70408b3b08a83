import logging

from watchparty.services.log_ring import MOST_LINES, LogRing

log = logging.getLogger("watchparty.tests")


def test_the_last_lines_are_kept_and_no_secret_among_them() -> None:
    with LogRing().listening() as ring:
        for number in range(MOST_LINES + 5):
            log.warning("line %d", number)
        log.error("Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl")
        lines = ring.lines(logging.DEBUG, "", 0, MOST_LINES)
    assert len(lines) == MOST_LINES and lines[0].text == "line 6"
    assert "eyJ" not in lines[-1].text and lines[-1].number == ring.last == MOST_LINES + 6
    log.warning("after the end")
    assert ring.last == MOST_LINES + 6


def test_lines_are_found_by_gravity_words_and_number() -> None:
    with LogRing().listening() as ring:
        log.warning("the disk is Full")
        log.error("the disk failed")
        log.warning("the line is full")
        try:
            raise ValueError("token=abcdefgh")
        except ValueError:
            log.exception("this went wrong")
    texts = [line.text for line in ring.lines(logging.DEBUG, "FULL", 0, 10)]
    assert texts == ["the disk is Full", "the line is full"]
    assert [line.number for line in ring.lines(logging.ERROR, "", 0, 10)] == [2, 4]
    assert [line.number for line in ring.lines(logging.DEBUG, "", 2, 10)] == [3, 4]
    assert [line.number for line in ring.lines(logging.DEBUG, "", 0, 1)] == [4]
    assert "ValueError" in ring.lines(logging.ERROR, "went wrong", 0, 1)[0].text
