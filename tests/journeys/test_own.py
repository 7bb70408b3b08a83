"""What is one's own in a room: how a film is seen and heard is for each to choose, and nobody else notices."""

import asyncio
import json
import re

import pytest
from playwright.async_api import Browser, Page, Route, WebSocket, expect

from tests.client import Client
from tests.films import Films
from tests.journeys import frames, hearing
from tests.journeys import people as do
from tests.journeys.evening import now_ms, spread_from
from tests.journeys.people import People
from tests.journeys.test_access import violations
from tests.process import ServerProcess

# What happened to a player, and how it stands: by the element itself, not by what the page says of it.
WATCH = """
(video) => {
  window.happened = [];
  for (const name of ["seeking", "pause", "waiting", "volumechange", "emptied"]) {
    video.addEventListener(name, () => happened.push(name));
  }
  const {party} = document.querySelector("wp-party");
  window.told = [];
  party.addEventListener("timeline", () => {
    const {cause, waiting_for} = party.timeline;
    told.push([cause, (waiting_for ?? []).map((id) => party.nameOf(id))]);
  });
}
"""
SHOWN = "[...document.querySelector('video').textTracks].find(({mode}) => mode === 'showing')"
STANDING = f"""() => {{
  const video = document.querySelector("video");
  const {{party, follower}} = document.querySelector("wp-party");
  return {{
    captions: {SHOWN}?.language ?? null,
    from: {SHOWN}?.cues?.[0]?.startTime ?? null,
    sound: document.querySelector("wp-player-sound input:checked + span")?.textContent ?? null,
    quality: document.querySelector("input[name=wp-quality]:checked + span")?.textContent ?? null,
    volume: video.volume,
    muted: video.muted,
    late: document.querySelector("wp-player-sound output").textContent,
    ahead: follower.offset,
  }};
}}"""
# How often the light went on in three seconds or, on a busy machine, until it did; and how much of the page it covers.
FLASHES = """
async () => {
  const light = document.querySelector(".check-light");
  const {width, height} = light.getBoundingClientRect();
  let flashes = 0;
  const watcher = new MutationObserver(() => flashes += light.classList.contains("lit") ? 1 : 0);
  watcher.observe(light, {attributeFilter: ["class"]});
  const begun = performance.now(), passed = () => (performance.now() - begun) / 1000;
  while (passed() < 3 || (flashes === 0 && passed() < 15)) await new Promise((next) => setTimeout(next, 50));
  return [flashes, passed(), (width * height) / (innerWidth * innerHeight)];
}
"""
# The browser's own buffer of the sound.
KEEP_BUFFERS = """
const add = MediaSource.prototype.addSourceBuffer;
MediaSource.prototype.addSourceBuffer = function (type) {
  const buffer = add.call(this, type);
  if (type.startsWith("audio/")) window.soundBuffer = buffer;
  return buffer;
};
"""
SOUND_AROUND = """(() => {
  const {buffered} = soundBuffer, {currentTime} = document.querySelector("video");
  const ranges = [...Array(buffered.length).keys()].map((i) => [buffered.start(i), buffered.end(i)]);
  return ranges.some(([start, end]) => start <= currentTime && currentTime + 1 < end);
})()"""
# As if the line had failed: what was buffered of the sound is gone.
RUN_DRY = """async () => {
  while (soundBuffer.updating) await new Promise((next) => setTimeout(next, 1));
  soundBuffer.remove(0, Infinity);
}"""
SET = "(part, late) => part.dispatchEvent(new CustomEvent('wp-loudspeaker', {detail: late, bubbles: true}))"
# As near as is hoped for, in one of three tries. How near it came is printed; what the test holds is that the sound is
# where the loudspeaker wants it and not where it was: it was heard up to 45 ms off while two films were shown.
NEAR_MS = 20
FAR_MS = 80
TRIES = 3


async def room(
    house: ServerProcess, ada: Client, people: People, video_id: str, *browsers: Browser | None
) -> list[Page]:
    """Ada, and a guest in each further browser, in a room with the film, which plays."""
    made = await ada.post("/api/v1/rooms", {"name": "Own", "video_id": video_id}, 201)
    invitation = await ada.post(f"/api/v1/rooms/{made['id']}/invites", {}, 201)
    host = await people.arrive(browsers[0])
    await do.sign_in(host, house.url)
    await host.goto(f"{house.url}/rooms/{made['id']}")
    pages = [host]
    for browser in browsers[1:]:
        pages.append(await people.arrive(browser))
        await do.join_as_guest(pages[-1], invitation["url"], "Grace")
    for page in pages:
        await do.until_loaded(page)
    await do.press(host, "k")
    for page in pages:
        await do.until_moving(page)
    return pages


def said(page: Page) -> list[str]:
    """The types of what this page says to the room from now on, but for its questions after the time."""
    types: list[str] = []

    def hear(frame: str | bytes) -> None:
        kind = json.loads(frame)["type"]
        if kind != "ping":
            types.append(kind)

    def open_socket(socket: WebSocket) -> None:
        socket.on("framesent", hear)

    page.on("websocket", open_socket)
    return types


async def menu(page: Page) -> None:
    await page.locator("wp-player").hover()
    await page.get_by_role("button", name="Settings of the film").click()


async def choose(page: Page, part: str, name: str) -> None:
    await page.locator(part).get_by_role("radio", name=re.compile(f"^{name}")).check()


async def standing(page: Page) -> dict[str, object]:
    return dict(await page.evaluate(STANDING))


@pytest.mark.alone
async def test_what_one_chooses_for_oneself_is_kept_and_the_room_notices_nothing(
    house: ServerProcess, ada: Client, people: People, films: Films, chromium: Browser
) -> None:
    first = await ada.ready(films.clapper, title="First")
    second = await ada.ready(films.clapper, title="Second")
    host, guest = await room(house, ada, people, first["id"], chromium, chromium)
    words = said(host)
    await host.reload()
    await do.until_loaded(host)
    await do.until_moving(host)
    for page in (host, guest):
        await page.locator("video").evaluate(WATCH)
    before = await standing(guest)
    words.clear()
    await change_everything(host)
    chosen = await standing(host)
    assert chosen == {
        "captions": "ger",
        "from": pytest.approx(0.6, abs=0.03),
        "sound": "German",
        "quality": "360p",
        "volume": pytest.approx(0.9),
        "muted": True,
        "late": "+150 ms",
        "ahead": 0,
    }
    assert set(words) <= {"status"}, "Only how one's player stands is told to the room."
    assert await standing(guest) == before
    # A busy machine may run dry without anybody's doing, even so long that the room waits for it; but not for this.
    assert set(await guest.evaluate("happened")) <= {"waiting", "seeking", "pause"}
    for cause, late in await guest.evaluate("told"):
        assert cause in {"wait", "resume"} and "ada" not in late
    assert "emptied" not in await host.evaluate("happened")
    await host.reload()
    await do.until_loaded(host)
    await do.until(host, f"{SHOWN}?.cues?.length > 0")
    assert await standing(host) == chosen
    # Another film that has the same to offer.
    await host.evaluate("(id) => document.querySelector('wp-party').party.load(id)", second["id"])
    await do.until(host, f"document.querySelector('wp-player').videoId === '{second['id']}'")
    await do.until_loaded(host)
    await do.until(host, f"{SHOWN}?.cues?.length > 0")
    # When captions come belongs to the film.
    assert await standing(host) == chosen | {"from": pytest.approx(0.5, abs=0.03)}
    assert (await standing(guest))["captions"] is None


@pytest.mark.alone
async def test_running_dry_for_a_change_of_ones_own_makes_nobody_wait_but_running_dry_does(
    house: ServerProcess, ada: Client, people: People, films: Films, chromium: Browser
) -> None:
    film = await ada.ready(films.clapper, title="Dry")
    host, guest = await room(house, ada, people, film["id"], chromium, chromium)
    await host.add_init_script(KEEP_BUFFERS)
    await host.reload()
    await do.until(host, "document.querySelector('wp-party').follower.state === 'playing'")
    line = asyncio.Event()

    async def fetch(route: Route) -> None:
        await line.wait()
        await route.continue_()

    await host.route("**/*.m4s", fetch)
    await guest.locator("video").evaluate(WATCH)
    await host.locator("wp-player").evaluate(
        "(player) => player.dispatchEvent(new CustomEvent('wp-quality', {detail: 0}))"
    )
    await host.evaluate(RUN_DRY)
    await do.until(host, "document.querySelector('wp-party').follower.state === 'starving'")
    await guest.wait_for_timeout(2200)
    assert not [late for _, late in await guest.evaluate("told") if "ada" in late], "It was for a change of hers."
    # hls.js was not told that its buffer is empty, and would not fill it again.
    line.set()
    await host.reload()
    await do.until(host, "document.querySelector('wp-party').follower.state === 'playing'")
    line.clear()
    await host.evaluate(RUN_DRY)
    await do.until(guest, "told.some(([, late]) => late.includes('ada'))")
    line.set()


async def change_everything(page: Page) -> None:
    await menu(page)
    await choose(page, "wp-player-captions", "German")
    await choose(page, "wp-player-sound", "German")
    await choose(page, "wp-player-menu", "360p")
    await page.keyboard.press("Escape")
    await do.until(page, f"{SHOWN}?.cues?.length > 0")
    await do.until(page, "document.querySelector('video').videoHeight === 360")
    for key in ("h", "ArrowDown", "ArrowDown", "m", *["u"] * 12):
        await do.press(page, key)
    await check_sound(page)


async def check_sound(page: Page) -> None:
    """The sound check, to three steps more than what was chosen."""
    await do.press(page, "m")
    await menu(page)
    await page.get_by_role("button", name="Sound check…").click()
    assert await page.evaluate("document.querySelector('video').muted")
    assert await violations(page) == []
    flashes, seconds, share = await page.evaluate(FLASHES)
    assert 1 <= flashes <= seconds + 1, "One a second at most."
    assert share < 0.05
    for _ in range(3):
        await page.get_by_label("My loudspeaker is late by").press("ArrowRight")
    await expect(page.locator(".check-value")).to_have_text("+150 ms")
    await page.get_by_role("button", name="Done").click()
    await do.until(page, "!document.querySelector('video').muted")
    await do.press(page, "m")


@pytest.mark.alone
async def test_sound_is_heard_earlier_than_the_picture_by_what_the_loudspeaker_is_late(
    house: ServerProcess, ada: Client, people: People, films: Films, figures: list[str], chromium: Browser
) -> None:
    film = await ada.ready(films.clapper, title="Clapper")
    host, guest = await room(house, ada, people, film["id"], chromium, chromium)
    await hearing.listen(host)
    for page in (host, guest):
        await frames.record(page)
    usual = await hearing.lag(host)
    before = await standing(guest)
    for late in (250, -200):
        await host.locator("wp-player-sound").evaluate(SET, late)
        await host.wait_for_timeout(1000)
        lag = await nearest(host, usual, late)
        figures.append(f"sound for a loudspeaker that is {late:+} ms late: heard {lag:+.0f} ms later than before")
        assert abs(lag + late) <= FAR_MS
    assert await standing(guest) == before
    spread = await spread_from([host, guest], now_ms())
    figures.append(f"spread beside a loudspeaker that is late {spread}")
    assert spread.median <= 25 or spread.p95 <= 100


async def test_firefox_plays_on_with_its_sound_where_the_loudspeaker_wants_it(
    house: ServerProcess, ada: Client, people: People, films: Films, firefox: Browser
) -> None:
    """There is no listening to it: without a sound card Firefox lets no page hear anything."""
    film = await ada.ready(films.clapper, title="Clapper in Firefox")
    page = await people.arrive(firefox)
    await page.add_init_script(KEEP_BUFFERS)
    await do.sign_in(page, house.url)
    await page.goto(f"{house.url}/videos/{film['id']}")
    await do.until_loaded(page)
    for late in (250, -200, 0):
        await page.locator("wp-player-sound").evaluate(SET, late)
        await do.until(page, f"Math.abs(soundBuffer.timestampOffset + {late / 1000}) < 0.001")
        await do.until(page, SOUND_AROUND)
        await do.until_moving(page, 25)
        await do.press(page, "0")
        await do.until_moving(page, 25)
    assert await page.evaluate("soundBuffer.buffered.length") == 1


async def nearest(page: Page, usual: hearing.Heard, late: int) -> float:
    """How much later than usual the sound is heard, ms; of some tries the one nearest to what is wanted."""
    tries: list[float] = []
    while len(tries) < TRIES and not any(abs(each + late) <= NEAR_MS for each in tries):
        tries.append((await hearing.lag(page, 2)).median - usual.median)
    return min(tries, key=lambda each: abs(each + late))
