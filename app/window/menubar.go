//go:build desktop

package window

import (
	"context"
	goruntime "runtime"

	"github.com/wailsapp/wails/v2/pkg/menu"
)

// menuBar is the window's menu; does carries out what an item is for.
func (d *Door) menuBar(does func(command string)) *menu.Menu {
	bar := menu.NewMenu()
	for _, m := range menus {
		under := bar.AddSubmenu(m.name)
		for _, i := range m.items {
			switch {
			case i == none:
				under.AddSeparator()
			case i.command == "version":
				under.Append(menu.Text(d.options.Version, nil, nil).Disable())
			default:
				under.Append(menu.Text(d.label(i), nil, func(*menu.CallbackData) { go does(i.command) }))
			}
		}
	}
	return bar
}

func (d *Door) label(i item) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return i.label(d.keys, goruntime.GOOS == "windows")
}

// relabel has the items of a menu bar show the keys as they are now.
func (d *Door) relabel(ctx context.Context, bar *menu.Menu) {
	for n, m := range menus {
		for k, i := range m.items {
			if i != none && i.command != "version" {
				bar.Items[n].SubMenu.Items[k].Label = d.label(i)
			}
		}
	}
	updateMenu(ctx, bar)
}
