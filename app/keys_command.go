package app

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"callin/app/call"
	"callin/app/desk"
)

// What a roll-out key is for where nobody says it.
const (
	usualPCs  = 12
	usualDays = 7
)

// addKey makes a roll-out key and prints it, and how PCs use it.
func (m managing) addKey(ctx context.Context, all desk.DeskList, o deskOptions) error {
	of, in, err := o.rights(all)
	if err != nil {
		return err
	}
	until := time.Now().AddDate(0, 0, usualDays)
	if o.until != "" {
		day, err := time.ParseInLocation(time.DateOnly, o.until, time.Local)
		if err != nil {
			return &call.Error{Code: call.CodeBadField, Message: "--until is a day such as " + until.Format(time.DateOnly) + "."}
		}
		until = day.AddDate(0, 0, 1) // that day too
	}
	body := desk.KeyAddBody{Roles: of, Studios: in, PCs: cmp.Or(o.pcs, usualPCs), Until: until.UnixMilli()}
	var made desk.NewKey
	if err := m.ask(ctx, "keyAdd", body, &made); err != nil {
		return err
	}
	fmt.Fprintf(m.out, "key: %s\n", made.Text)
	fmt.Fprintf(m.out, "It is shown this once, and makes %d PCs desks until %s. Its id is %s.\n", body.PCs, until.Format("2006-01-02 15:04"), made.ID)
	m.addresses(all)
	_, err = fmt.Fprintf(m.out, "Put the key into a file, and on each PC: callin join --station %s --key-file FILE\n", all.Addresses[0])
	return err
}

func (m managing) listKeys(all desk.DeskList) error {
	if len(all.Keys) == 0 {
		return nil
	}
	table := tabwriter.NewWriter(m.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\nROLL-OUT KEY\tROLES\tSTUDIOS\tPCS\tLEFT\tUNTIL")
	for _, k := range all.Keys {
		until := time.UnixMilli(k.Until).Format("2006-01-02 15:04")
		if k.Revoked != 0 {
			until = "revoked"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%d\t%s\n", k.ID, strings.Join(k.Roles.Names(), ","), strings.Join(studioNames(all, k.Studios), ", "), k.PCs, k.PCs-k.Used, until)
	}
	return table.Flush()
}
