"""Runs rehearsals in Callin's own window. Needs a screen, a session bus and the desktop build; see build/headless
and build/test.

usage: window.py [FOLDER]     screenshots are put into the folder
"""

import base64
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager

from saver import Saver
from screen import BUTTON, FIELD, PATIENCE, Cover, Window, close, keys, place_of, put, text_of, type_into, until

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, "../../.."))
BINARY = os.path.join(ROOT, "build/bin/callin-desktop")
TITLE = "^Callin$"
CLICKABLE = {"check box"}


def children(pid):
    found = subprocess.run(["pgrep", "-P", str(pid), "-f", "rehearsal"], capture_output=True, text=True)
    return [int(line) for line in found.stdout.split()]


class Stage:
    """A rehearsal that outlives the desks, and who rings there."""

    def __init__(self):
        self.process = subprocess.Popen([BINARY, "rehearsal", "--pace", "6"], stdout=subprocess.PIPE, text=True)
        said = json.loads(self.process.stdout.readline())
        self.address, self.dial_in = said["address"], said["dial_in_number"]
        self.account, self.token = said["account_sid"], said["auth_token"]

    def ring(self, **caller):
        proof = base64.b64encode(f"{self.account}:{self.token}".encode()).decode()
        request = urllib.request.Request(
            self.address.rstrip("/") + "/stage/callers",
            json.dumps(caller).encode(),
            {"Content-Type": "application/json", "Authorization": "Basic " + proof},
        )
        urllib.request.urlopen(request).read()

    def env(self):
        return {
            "CALLIN_REHEARSAL": self.address,
            "TWILIO_ACCOUNT_SID": self.account,
            "TWILIO_AUTH_TOKEN": self.token,
        }


class World:
    """A user's folders, and what is opened in the browser there."""

    def __init__(self, folder):
        self.folder, self.data = folder, os.path.join(folder, "data")
        self.config = os.path.join(folder, "config")
        self.opened_file = os.path.join(folder, "opened")
        programs = os.path.join(folder, "bin")
        os.mkdir(programs)
        opener = os.path.join(programs, "xdg-open")
        with open(opener, "w") as script:
            script.write(f'#!/bin/sh\nprintf "%s\\n" "$1" >>"{self.opened_file}"\n')
        os.chmod(opener, 0o755)
        self.env = {
            **os.environ,
            "PATH": programs + ":" + os.environ["PATH"],
            "XDG_CONFIG_HOME": self.config,
        }

    def start(self, **env):
        command = [BINARY, "--data", self.data, "--settings", os.devnull, "--no-callers"]
        return subprocess.Popen(
            command, env={**self.env, **env}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def opened(self):
        if not os.path.exists(self.opened_file):
            return []
        with open(self.opened_file) as lines:
            return lines.read().split()


@contextmanager
def running(world, **env):
    """A desk in its window, which has ended when this does."""
    callin = world.start(**env)
    try:
        window = Window(callin.pid)
        window.wait({"heading"}, "(?i)^on air")
        yield callin, window
    finally:
        if callin.poll() is None:
            callin.send_signal(signal.SIGTERM)
            try:
                callin.wait(timeout=5)
            except subprocess.TimeoutExpired:
                callin.kill()
        out, err = callin.communicate()
        print(out, err, sep="\n", file=sys.stderr)
    assert re.fullmatch(r"desk: http://127\.0\.0\.1:\d+/\S*\n", out), f"standard output was {out!r}"


def ends(callin):
    code = callin.wait(timeout=PATIENCE)
    assert code == 0, f"callin ended with {code}"


def picture(name):
    if len(sys.argv) > 1:
        time.sleep(0.5)
        subprocess.run(["import", "-window", "root", os.path.join(sys.argv[1], name + ".png")], check=True)


def at_first(world, saver):
    """A first start, by somebody who has only this window: a rehearsal of its own begins and ends with it."""
    with running(world) as (callin, window):
        window.wait({"frame"}, "^Callin")
        window.wait(set(), "cannot carry calls: its web view has no WebRTC")
        window.wait(BUTTON, "^Open the desk in the browser")

        window.wait(set(), "Nobody is ready")
        window.press("^A caller rings")
        window.press("^Edit ")
        type_into(window.wait(FIELD, "^Name"), "Wilhelmina")
        window.wait(BUTTON, "^Edit Wilhelmina")
        picture("first")

        until(lambda: saver.holders() == ["A show is open"], "the screen may go dark in a show")
        rehearsal = children(callin.pid)
        assert rehearsal, "there is no rehearsal of its own"
        close(TITLE)
        ends(callin)
        for pid in rehearsal:
            assert not os.path.exists(f"/proc/{pid}"), "the rehearsal outlived the window"
        until(lambda: saver.holders() == [], "the screen is kept lit after the end")


def pasted(window):
    """What is on the clipboard, by way of a field that is emptied again."""
    keys("slash", "ctrl+v")
    field = window.wait(FIELD, "^Find callers")
    text = until(lambda: text_of(field), "nothing was copied")
    assert "Callin's doctor, 20" in text, f"{text!r} was copied"
    keys("Escape")
    return text


def manners(world, stage):
    """The menu and its keys, the zoom, another start, and closing in a call."""
    with running(world, **stage.env()) as (callin, window):
        window.choose("^Record  \\(R\\)$")
        window.wait({"heading"}, "^Record")
        picture("record")
        keys("Escape")
        window.gone({"heading"}, "^Record")
        keys("F10")  # a toolkit's own key of the menu, and the desk's for Drop
        window.wait(set(), "Nobody is on air")
        keys("question")
        window.wait({"heading"}, "^Keys")
        switch = "^Start Callin when you log in"
        entry = os.path.join(world.config, "autostart", "callin.desktop")
        for is_there in (True, False, True):
            window.press(switch, roles=CLICKABLE)
            until(lambda: os.path.exists(entry) == is_there, f"an entry is there: {not is_there}")
        with open(entry) as lines:
            assert f'Exec="{BINARY}" "--data" "{world.data}"' in lines.read()
        picture("keys")
        keys("Escape")

        before = until(lambda: window.height({"heading"}, "(?i)^on air"), "On air is not shown")
        keys("ctrl+plus", "ctrl+plus", "ctrl+plus")
        until(lambda: window.height({"heading"}, "(?i)^on air") > 1.35 * before, "the page is not zoomed")
        picture("zoomed")
        window.choose("^Normal size")
        until(lambda: window.height({"heading"}, "(?i)^on air") == before, "the zoom stays")
        window.choose("^Zoom in")
        until(lambda: window.height({"heading"}, "(?i)^on air") > before, "the page is not zoomed")
        put(TITLE, 30, 20, 1180, 760)

        cover, opened = Cover(), world.opened()
        again = world.start(**stage.env())
        out, _ = again.communicate(timeout=PATIENCE)
        assert again.returncode == 0 and out.startswith("desk: http://"), f"another start said {out!r}"
        until(lambda: not cover.is_above(), "another start does not bring the window forward")
        cover.close()
        assert world.opened() == opened, f"another start opened {world.opened()}"

        window.choose("^Open the log folder")
        until(lambda: world.opened() == [*opened, world.data], f"{world.opened()} was opened")
        window.choose("^Copy diagnostics")
        window.wait(set(), "The diagnostics were copied, without secrets")

        stage.ring(name="Ana", number="+12015550100", tone=440)
        window.wait(BUTTON, "^Edit Ana")
        assert stage.token not in pasted(window), "the diagnostics have a secret in them"
        stage.ring(name="DJ", to=stage.dial_in, keys="1234", tone=350)
        window.wait(set(), "On air · direct")
        close(TITLE)
        asks = "A caller is on air. Closing Callin takes them off the air"
        window.wait(set(), asks)
        picture("asks")
        window.press("^No$")
        window.gone(set(), asks)
        assert callin.poll() is None, "it was closed all the same"
        window.choose("^Quit")
        window.wait(set(), asks)
        window.press("^Yes$")
        ends(callin)
        return before


def once_more(world, stage, before):
    """A window is as it was left, and what ended it from outside is said in a line."""
    with running(world, **stage.env()) as (callin, window):
        until(lambda: place_of(TITLE) == (30, 20, 1180, 760), f"the window is at {place_of(TITLE)}")
        until(lambda: window.height({"heading"}, "(?i)^on air") > before, "the zoom was not kept")
        assert not window.find(set(), "not ended in order")
        picture("again")
        callin.kill()
    view = os.path.join(world.data, "rehearsal", "window.json")
    with open(view) as lines:
        kept = json.load(lines)
    kept["place"]["X"] = 5000  # on a screen that is not there any more
    with open(view, "w") as file:
        json.dump(kept, file)
    with running(world, **stage.env()) as (callin, window):
        window.wait(set(), "not ended in order last time")
        assert not window.find({"dialog", "alert"}, ".")
        x, _, width, _ = place_of(TITLE)
        assert 0 <= x <= 1440 - width, f"the window is at {x}, which nobody sees"
        picture("after")


def main():
    with tempfile.TemporaryDirectory(prefix="callin-window-") as folder, Saver() as saver:
        for name in ("first", "second"):
            os.mkdir(os.path.join(folder, name))
        at_first(World(os.path.join(folder, "first")), saver)
        stage = Stage()
        try:
            world = World(os.path.join(folder, "second"))
            once_more(world, stage, manners(world, stage))
        finally:
            stage.process.terminate()
            stage.process.wait()
    print("the window: passed")


main()
