//go:build desktop

package window

/*
#cgo pkg-config: gtk+-3.0
#include <stdlib.h>
#include <gtk/gtk.h>

// A window whose title bar shows less than this many pixels cannot be reached.
enum { reach = 64, title = 32 };

// mainWindow is the one that has the menu; bar is set to that.
static GtkWindow *mainWindow(GtkWidget **bar) {
	GtkWindow *found = NULL;
	GList *all = gtk_window_list_toplevels();
	for (GList *l = all; l && !found; l = l->next) {
		GtkWidget *box = gtk_bin_get_child(GTK_BIN(l->data));
		if (!box || !GTK_IS_CONTAINER(box)) continue;
		GList *within = gtk_container_get_children(GTK_CONTAINER(box));
		if (within && GTK_IS_MENU_BAR(within->data)) {
			found = GTK_WINDOW(l->data);
			*bar = GTK_WIDGET(within->data);
		}
		g_list_free(within);
	}
	g_list_free(all);
	return found;
}

// On the full screen there is the desk and nothing else.
static gboolean stateChanged(GtkWidget *window, GdkEventWindowState *event, gpointer bar) {
	gtk_widget_set_visible(GTK_WIDGET(bar), !(event->new_window_state & GDK_WINDOW_STATE_FULLSCREEN));
	return FALSE;
}

static gboolean isOnAScreen(int x, int y, int width) {
	GdkDisplay *display = gdk_display_get_default();
	GdkRectangle bar = {x, y, width, title};
	for (int n = 0; n < gdk_display_get_n_monitors(display); n++) {
		GdkRectangle area, both;
		gdk_monitor_get_workarea(gdk_display_get_monitor(display, n), &area);
		if (gdk_rectangle_intersect(&bar, &area, &both) && both.width >= reach) return TRUE;
	}
	return FALSE;
}

static gboolean setUp(gpointer data) {
	int *at = data;
	GtkWidget *bar = NULL;
	GtkWindow *window = mainWindow(&bar);
	if (!window) return G_SOURCE_REMOVE;
	// F10 is the desk's own key.
	g_object_set(gtk_settings_get_default(), "gtk-menu-bar-accel", "", NULL);
	g_signal_connect(window, "window-state-event", G_CALLBACK(stateChanged), bar);
	if (at && isOnAScreen(at[0], at[1], at[2])) gtk_window_move(window, at[0], at[1]);
	return G_SOURCE_REMOVE;
}

// After all that GTK has still to do, such as to put the window into the middle.
static void setUpSoon(int *at) {
	g_idle_add_full(G_PRIORITY_LOW, setUp, at, g_free);
}

// label is what an item of a menu says from now on.
struct label { int menu, item; char *says; };

static GtkWidget *nth(GtkWidget *within, int n) {
	GList *all = gtk_container_get_children(GTK_CONTAINER(within));
	GtkWidget *found = g_list_nth_data(all, n);
	g_list_free(all);
	return found;
}

static gboolean relabel(gpointer data) {
	struct label *l = data;
	GtkWidget *bar = NULL;
	if (mainWindow(&bar)) {
		GtkWidget *menu = gtk_menu_item_get_submenu(GTK_MENU_ITEM(nth(bar, l->menu)));
		gtk_menu_item_set_label(GTK_MENU_ITEM(nth(menu, l->item)), l->says);
	}
	g_free(l->says);
	g_free(l);
	return G_SOURCE_REMOVE;
}

static void relabelSoon(int menu, int item, char *says) {
	struct label *l = g_new(struct label, 1);
	l->menu = menu; l->item = item; l->says = g_strdup(says);
	g_idle_add(relabel, l);
}

static int *placeOf(int x, int y, int width) {
	int *at = g_new(int, 3);
	at[0] = x; at[1] = y; at[2] = width;
	return at;
}
*/
import "C"

import (
	"context"
	"unsafe"

	"github.com/wailsapp/wails/v2/pkg/menu"
	"github.com/wailsapp/wails/v2/pkg/runtime"
)

// sizeOf is how large the window is opened, in Wails' units.
func sizeOf(v view) (int, int) {
	if v.Place == nil {
		return width, height
	}
	return v.Place.Width, v.Place.Height
}

// putBack opens the window where it was left, unless that is on no screen any more.
// Wails knows places only from the screen on which the window is. On Wayland the system
// alone decides.
func putBack(v view) {
	if p := v.Place; p != nil {
		C.setUpSoon(C.placeOf(C.int(p.X), C.int(p.Y), C.int(p.Width)))
		return
	}
	C.setUpSoon(nil)
}

// placeNow is where the window is; nil while it is maximised or on the full screen.
func placeNow(ctx context.Context) *place {
	if !runtime.WindowIsNormal(ctx) {
		return nil
	}
	p := &place{}
	p.X, p.Y = runtime.WindowGetPosition(ctx)
	p.Width, p.Height = runtime.WindowGetSize(ctx)
	return p
}

// showBar does nothing: stateChanged does.
func showBar(bool) {}

// updateMenu shows a menu as it is now: Wails would make another one and show it nowhere.
func updateMenu(_ context.Context, bar *menu.Menu) {
	for n, m := range bar.Items {
		for k, i := range m.SubMenu.Items {
			if i.Type == menu.TextType {
				says := C.CString(i.Label)
				C.relabelSoon(C.int(n), C.int(k), says)
				C.free(unsafe.Pointer(says))
			}
		}
	}
}
