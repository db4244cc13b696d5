"""The session's screen saver, as far as programs ask it not to make the screen dark."""

import threading

from gi.repository import Gio, GLib

INTERFACE = """<node><interface name="org.freedesktop.ScreenSaver"><method name="Inhibit">
<arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="u" direction="out"/>
</method></interface></node>"""


class Saver:
    def __enter__(self):
        self.asked = []  # (who, why), who by their name on the bus
        ready = threading.Event()
        threading.Thread(target=self.run, args=(ready,), daemon=True).start()
        assert ready.wait(5), "there is no session bus"
        return self

    def __exit__(self, *_):
        self.loop.quit()

    def run(self, ready):
        context = GLib.MainContext.new()
        context.push_thread_default()
        self.loop = GLib.MainLoop.new(context, False)
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        interface = Gio.DBusNodeInfo.new_for_xml(INTERFACE).interfaces[0]
        self.bus.register_object("/org/freedesktop/ScreenSaver", interface, self.inhibit, None, None)
        Gio.bus_own_name_on_connection(self.bus, "org.freedesktop.ScreenSaver", Gio.BusNameOwnerFlags.NONE, None, None)
        context.invoke_full(GLib.PRIORITY_DEFAULT, ready.set)
        self.loop.run()

    def inhibit(self, _bus, sender, _path, _interface, _method, words, call):
        self.asked.append((sender, words.unpack()[1]))
        call.return_value(GLib.Variant("(u)", (len(self.asked),)))

    def holders(self):
        """Why the screen is kept lit: a wish ends with who had it."""
        return [why for who, why in self.asked if self.is_there(who)]

    def is_there(self, who):
        answer = self.bus.call_sync(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner",
            GLib.Variant("(s)", (who,)), None, Gio.DBusCallFlags.NONE, 2000, None,
        )  # fmt: skip
        return answer.unpack()[0]
