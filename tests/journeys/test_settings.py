"""One's own account in the browser: a picture, a second step at the door, and another device signed out."""

import re
import subprocess
from pathlib import Path

import pyotp
from playwright.async_api import expect

from tests.client import PASSWORD, Client
from tests.journeys import people as do
from tests.journeys.people import People
from tests.process import ServerProcess


async def test_somebody_gets_a_picture_and_a_second_step_and_signs_another_device_out(
    house: ServerProcess, ada: Client, people: People, tmp_path: Path
) -> None:
    laptop, phone = await people.arrive(), await people.arrive(width=390, height=844)
    await do.sign_in(phone, house.url)
    await do.sign_in(laptop, house.url)
    await laptop.goto(f"{house.url}/settings")

    picture = tmp_path / "me.png"
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=300x200", "-frames:v", "1", str(picture)]
    subprocess.run(command, check=True)
    profile = laptop.get_by_role("region", name="Profile", exact=True)
    await profile.get_by_label("Choose a picture").set_input_files(picture)
    await expect(profile.locator("img.avatar")).to_have_attribute("src", re.compile("^/avatars/"))
    await profile.get_by_label("Choose a picture").set_input_files(Path(__file__))
    await expect(profile.get_by_role("alert").filter(visible=True)).to_contain_text("not a picture")
    await expect(profile.locator("img.avatar")).to_have_attribute("src", re.compile("^/avatars/"))

    two_step = laptop.get_by_role("region", name="Two-step sign-in")
    await two_step.get_by_label("Your password").fill(PASSWORD)
    await two_step.get_by_role("button", name="Set it up").click()
    app = pyotp.TOTP(await two_step.get_by_label("Key for the app").input_value())
    await two_step.get_by_label("The code it shows now").fill(app.now())
    await two_step.get_by_role("button", name="Switch it on").click()
    await expect(two_step.get_by_role("listitem")).to_have_count(10)
    recovery = await two_step.get_by_role("listitem").first.inner_text()
    await two_step.get_by_role("button", name="I have kept them").click()
    await expect(two_step).to_contain_text("10 recovery codes left")

    devices = laptop.get_by_role("region", name="Devices")
    await expect(devices.get_by_role("listitem")).to_have_count(3)  # and the program that made the account
    await devices.get_by_role("button", name=re.compile("^Sign out Chrome")).click()
    await expect(devices.get_by_role("listitem")).to_have_count(2)

    await phone.goto(f"{house.url}/rooms")
    await expect(phone.get_by_role("heading", name="Sign in")).to_be_visible()
    await phone.get_by_label("Username").fill("ada")
    await phone.get_by_label("Password", exact=True).fill(PASSWORD)
    await phone.keyboard.press("Enter")
    await expect(phone.get_by_label("Code")).to_be_focused()
    await phone.keyboard.type("abc")
    await phone.keyboard.press("Enter")
    await expect(phone.get_by_text("This code is not right")).to_be_visible()
    await phone.get_by_label("Code").fill(recovery)
    await phone.keyboard.press("Enter")
    await expect(phone.get_by_role("heading", name="Rooms", exact=True)).to_be_visible()
