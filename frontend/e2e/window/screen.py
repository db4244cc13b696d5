"""Callin's own window as a person with a screen reader works it: by role and name."""

import ctypes
import re
import subprocess
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

PATIENCE = 20  # seconds for anything to appear
BUTTON = {"push button", "button", "toggle button"}
FIELD = {"entry", "text"}
ITEM = {"menu item", "check menu item"}


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
    return node.get_name() or text_of(node)


def text_of(node):
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

    def press(self, pattern, below=None, roles=BUTTON):
        button = self.wait(roles, pattern, below)
        assert Atspi.Action.do_action(button, 0), f"{pattern!r} cannot be pressed"

    def choose(self, pattern):
        """Chooses an item of the menu."""
        self.press(pattern, roles=ITEM)

    def gone(self, roles, pattern):
        until = time.monotonic() + PATIENCE
        while self.find(roles, pattern):
            assert time.monotonic() < until, f"{pattern!r} is still there:\n{self.tree()}"
            time.sleep(0.1)

    def height(self, roles, pattern):
        """Of what is shown of something, in pixels of the screen; 0 while it is just drawn anew."""
        try:
            return Atspi.Component.get_extents(self.wait(roles, pattern), Atspi.CoordType.SCREEN).height
        except GLib.Error:
            return 0

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
    keys("Return")


def keys(*pressed):
    """Presses keys, one after the other as slowly as a person does."""
    for key in pressed:
        subprocess.run(["xdotool", "key", key], check=True)
        time.sleep(0.3)


def until(holds, what):
    """Waits until something holds, and returns what it is."""
    late = time.monotonic() + PATIENCE
    while not (found := holds()):
        assert time.monotonic() < late, what
        time.sleep(0.05)
    return found


def id_of(title):
    """Of a window, by its title."""
    return until(
        lambda: subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--name", title], capture_output=True, text=True
        ).stdout.split(),
        f"there is no window {title!r}",
    )[0]


def place_of(title):
    """x, y, width and height."""
    said = subprocess.run(
        ["xdotool", "getwindowgeometry", "--shell", id_of(title)], check=True, capture_output=True, text=True
    ).stdout
    return tuple(int(re.search(rf"^{name}=(-?\d+)$", said, re.M)[1]) for name in ("X", "Y", "WIDTH", "HEIGHT"))


def put(title, x, y, width, height):
    """Moves a window and makes it so large, as a person does with the mouse."""
    window = id_of(title)
    subprocess.run(["xdotool", "windowmove", window, str(x), str(y), "windowsize", window, str(width), str(height)], check=True)
    until(lambda: place_of(title) == (x, y, width, height), f"{title!r} is at {place_of(title)}")


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


x11 = ctypes.CDLL("libX11.so.6")
x11.XOpenDisplay.restype = ctypes.c_void_p
x11.XDefaultRootWindow.restype = ctypes.c_ulong
x11.XDefaultRootWindow.argtypes = [ctypes.c_void_p]
x11.XCreateSimpleWindow.restype = ctypes.c_ulong
x11.XCreateSimpleWindow.argtypes = [ctypes.c_void_p, ctypes.c_ulong, *[ctypes.c_int] * 2, *[ctypes.c_uint] * 3, *[ctypes.c_ulong] * 2]
x11.XMapRaised.argtypes = [ctypes.c_void_p, ctypes.c_ulong]
x11.XQueryTree.argtypes = [ctypes.c_void_p, ctypes.c_ulong, *[ctypes.c_void_p] * 4]
x11.XSync.argtypes = [ctypes.c_void_p, ctypes.c_int]
x11.XInternAtom.restype = ctypes.c_ulong
x11.XInternAtom.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
x11.XSendEvent.argtypes = [ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_long, ctypes.c_void_p]
x11.XCloseDisplay.argtypes = [ctypes.c_void_p]


class Cover:
    """A window of another program, which lies over all others until one comes forward."""

    def __init__(self):
        self.display = x11.XOpenDisplay(None)
        self.root = x11.XDefaultRootWindow(self.display)
        self.window = x11.XCreateSimpleWindow(self.display, self.root, 0, 0, 1440, 900, 0, 0, 0)
        x11.XMapRaised(self.display, self.window)
        x11.XSync(self.display, 0)

    def is_above(self):
        children, count = ctypes.POINTER(ctypes.c_ulong)(), ctypes.c_uint()
        parent = ctypes.c_ulong()
        x11.XQueryTree(
            self.display, self.root, *[ctypes.byref(it) for it in (parent, parent, children, count)]
        )
        return children[count.value - 1] == self.window

    def close(self):
        x11.XCloseDisplay(self.display)  # and the window with it


def close(title):
    """Does what a window manager does when the close button is pressed."""
    display = x11.XOpenDisplay(None)
    client_message, whole_words = 33, 32
    event = ClientMessage(
        type=client_message,
        window=int(id_of(title)),
        message_type=x11.XInternAtom(display, b"WM_PROTOCOLS", 0),
        format=whole_words,
    )
    event.data[0] = x11.XInternAtom(display, b"WM_DELETE_WINDOW", 0)
    x11.XSendEvent(display, event.window, 0, 0, ctypes.byref(event))
    x11.XCloseDisplay(display)
