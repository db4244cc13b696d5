"""Runs a rehearsal in Callin's own window and works it as a person with a
screen reader would: by role and name. Needs a screen, a session bus and the
desktop build; see build/headless and build/test.

usage: window.py [SCREENSHOT]
"""

import ctypes
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, "../../.."))
BINARY = os.path.join(ROOT, "build/bin/callin-desktop")
PATIENCE = 20  # seconds for anything to appear
BUTTON = {"push button", "button", "toggle button"}
FIELD = {"entry", "text"}


def walk(node, depth=0):
    """Every accessible below node; one that goes away meanwhile is left out."""
    if node is None or depth > 60:
        return
    yield node
    try:
        children = [node.get_child_at_index(i) for i in range(node.get_child_count())]
    except GLib.Error:
        return
    for child in children:
        yield from walk(child, depth + 1)


def words(node):
    """A node's name, or the text that it shows."""
    name = node.get_name()
    if name:
        return name
    return Atspi.Text.get_text(node, 0, -1) if "Text" in node.get_interfaces() else ""


class Window:
    def __init__(self, pid):
        self.pid = pid

    def root(self):
        desktop = Atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            app = desktop.get_child_at_index(i)
            if app and app.get_process_id() == self.pid:
                return app
        return None

    def find(self, roles, pattern, below=None):
        for node in walk(below or self.root()):
            try:
                if (not roles or node.get_role_name() in roles) and re.search(pattern, words(node)):
                    return node
            except GLib.Error:
                continue
        return None

    def wait(self, roles, pattern, below=None):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            found = self.find(roles, pattern, below)
            if found:
                return found
            time.sleep(0.1)
        raise AssertionError(f"nothing is a {' or '.join(sorted(roles)) or 'thing'} called {pattern!r}:\n{self.tree()}")

    def press(self, pattern, below=None):
        button = self.wait(BUTTON, pattern, below)
        assert Atspi.Action.do_action(button, 0), f"the button {pattern!r} cannot be pressed"

    def tree(self):
        lines = []
        for node in walk(self.root()):
            try:
                lines.append(f"{node.get_role_name()}: {words(node)!r}")
            except GLib.Error:
                continue
        return "\n".join(lines)


def type_into(field, text):
    """Types over what is in a field, with the keyboard, and presses Enter."""
    assert Atspi.Component.grab_focus(field), "the field takes no focus"
    time.sleep(0.3)  # a toolkit tells of the focus before the page has it
    subprocess.run(["xdotool", "key", "ctrl+a"], check=True)
    subprocess.run(["xdotool", "type", "--delay", "20", text], check=True)
    subprocess.run(["xdotool", "key", "Return"], check=True)


class ClientMessage(ctypes.Structure):
    """XClientMessageEvent, padded to the size of an XEvent."""

    _fields_ = [
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
        ("pad", ctypes.c_long * 24),
    ]


def close(title):
    """Does what a window manager does when the close button is pressed."""
    found = subprocess.run(
        ["xdotool", "search", "--onlyvisible", "--name", title], check=True, capture_output=True, text=True
    )
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XInternAtom.restype = ctypes.c_ulong
    x11.XInternAtom.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
    x11.XSendEvent.argtypes = [ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_long, ctypes.c_void_p]
    x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
    display = x11.XOpenDisplay(None)
    client_message, whole_words = 33, 32
    event = ClientMessage(
        type=client_message,
        window=int(found.stdout.split()[0]),
        message_type=x11.XInternAtom(display, b"WM_PROTOCOLS", 0),
        format=whole_words,
    )
    event.data[0] = x11.XInternAtom(display, b"WM_DELETE_WINDOW", 0)
    x11.XSendEvent(display, event.window, 0, 0, ctypes.byref(event))
    x11.XCloseDisplay(display)


def children(pid):
    found = subprocess.run(["pgrep", "-P", str(pid), "-f", "rehearsal"], capture_output=True, text=True)
    return [int(line) for line in found.stdout.split()]


def scene(window, screenshot):
    window.wait({"frame"}, "^Callin")
    window.wait({"heading"}, "(?i)^on air")
    window.wait(set(), "cannot carry calls: its web view has no WebRTC")
    window.wait(BUTTON, "^Open the desk in the browser")

    window.wait(set(), "Nobody is ready")
    window.press("^A caller rings")
    window.press("^Edit ")
    type_into(window.wait(FIELD, "^Name"), "Wilhelmina")
    window.wait(BUTTON, "^Edit Wilhelmina")

    if screenshot:
        subprocess.run(["import", "-window", "root", screenshot], check=True)


def main():
    screenshot = sys.argv[1] if len(sys.argv) > 1 else ""
    with tempfile.TemporaryDirectory(prefix="callin-window-") as data:
        command = [BINARY, "--data", data, "--settings", os.devnull, "--no-callers"]
        callin = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            scene(Window(callin.pid), screenshot)
            rehearsal = children(callin.pid)
            assert rehearsal, "there is no rehearsal of its own"
            close("^Callin")
            code = callin.wait(timeout=PATIENCE)
            assert code == 0, f"callin ended with {code}"
            for pid in rehearsal:
                assert not os.path.exists(f"/proc/{pid}"), "the rehearsal outlived the window"
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
    print("the window: passed")


main()
