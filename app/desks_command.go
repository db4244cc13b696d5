package app

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"callin/app/call"
	"callin/app/desk"
	"callin/app/settings"
	"callin/app/web"
)

const desksUsage = `callin desks gives out desks of the station that runs on this computer.

  callin desks list
  callin desks add --role ROLES NAME     makes a desk, and the code that pairs it;
                                         with --studios STUDIOS for these alone
  callin desks code DESK                 makes another code
  callin desks rename DESK NAME
  callin desks roles DESK ROLES
  callin desks studios DESK STUDIOS      says in which studios it may work
  callin desks signout DESK              ends what it is signed in with
  callin desks revoke DESK               ends it for good, at once

  callin desks key --role ROLES          makes a roll-out key: by it 12 PCs become
                                         desks within 7 days, each named after the
                                         PC; with --pcs N for so many, with --until
                                         2026-12-31 up to that day, with --studios
                                         STUDIOS for these alone. PCs use it by
                                         callin join
  callin desks revoke-key KEY            ends it; the desks that it made stay

DESK is a name or an id from the list. ROLES are host, producer and manager, with
commas between them, or watcher. STUDIOS are names or ids of studios, with commas
between them. KEY is an id from the list.

Options:
  --data DIR    where the station keeps calls and secrets
`

// managing is the desk on the station's own computer, as a program asks there.
type managing struct {
	dir, host string
	out       io.Writer
}

// deskOptions are those of some commands.
type deskOptions struct {
	roles, studios string
	pcs            int
	until          string
}

// desks runs callin desks with what follows it.
func desks(args []string, w World) int {
	var data string
	var o deskOptions
	flags := flag.NewFlagSet("callin desks", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&data, "data", "", "")
	flags.StringVar(&o.roles, "role", "", "")
	flags.StringVar(&o.studios, "studios", "", "")
	flags.IntVar(&o.pcs, "pcs", 0, "")
	flags.StringVar(&o.until, "until", "", "")
	given, err := scattered(flags, args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(w.Stdout, desksUsage)
		return 0
	}
	if err != nil || !understood(given, o) {
		fmt.Fprint(w.Stderr, "callin: these words are not understood.\n\n", desksUsage)
		return 2
	}
	ctx, stop := untilEnded()
	defer stop()
	m, err := manage(ctx, data, w.Stdout)
	if err == nil {
		err = m.run(ctx, given, o)
	}
	if err != nil {
		fmt.Fprintln(w.Stderr, "callin:", words(err))
		return 1
	}
	return 0
}

// scattered are the words of a command line between which its options may stand.
func scattered(flags *flag.FlagSet, args []string) (words []string, err error) {
	for {
		if err := flags.Parse(args); err != nil || flags.NArg() == 0 {
			return words, err
		}
		words, args = append(words, flags.Arg(0)), flags.Args()[1:]
	}
}

// understood is whether a command has what it needs.
func understood(words []string, o deskOptions) bool {
	needs := map[string]int{"list": 1, "add": 2, "code": 2, "rename": 3, "roles": 3, "studios": 3, "signout": 2, "revoke": 2, "key": 1, "revoke-key": 2}
	if len(words) == 0 || needs[words[0]] != len(words) {
		return false
	}
	switch words[0] {
	case "key":
		return o.roles != ""
	case "add":
		return o.roles != "" && o.pcs == 0 && o.until == ""
	}
	return o == deskOptions{}
}

// manage finds the station that runs with a folder.
func manage(ctx context.Context, data string, out io.Writer) (managing, error) {
	o := options{data: data, named: true} // the settings are the station's own business
	if err := o.places(); err != nil {
		return managing{}, err
	}
	if m, ok := running(ctx, o.data, out); ok {
		return m, nil
	}
	return managing{}, &call.Error{Code: call.CodeUnreachable, Message: "No station is running with the folder " + o.data + ", or you may not look into it. Start the station, do this as the user who runs it or as an administrator, or name its folder with --data."}
}

// running finds the station that runs with a folder, if there is one.
func running(ctx context.Context, data string, out io.Writer) (managing, bool) {
	for _, kind := range []string{"station", "rehearsal-account", "rehearsal"} {
		s := &process{dir: filepath.Join(data, kind)}
		kept, err := settings.LoadKept(s.dir)
		if err != nil {
			continue
		}
		if here, _ := s.answers(ctx, kept.DeskPort); here {
			return managing{s.dir, deskHost(kept.DeskPort), out}, true
		}
	}
	return managing{}, false
}

// ask has the station do something. What proves that one may is a code in the folder,
// which only who can write there can leave.
func (m managing) ask(ctx context.Context, op string, body, result any) error {
	sent, err := json.Marshal(body)
	if err != nil {
		return err
	}
	code, err := web.LeaveCode(m.dir, m.host)
	if err != nil {
		return &call.Error{Code: call.CodeNotAllowed, Message: "You may not write in " + m.dir + ". Do this as the user who runs the station, or as an administrator."}
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+m.host+"/api/op/"+op, bytes.NewReader(sent))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", web.CodeScheme+" "+code)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return &call.Error{Code: call.CodeUnreachable, Message: "The station does not answer. See whether it is running, then try again."}
	}
	defer answer.Body.Close()
	d := json.NewDecoder(answer.Body)
	if answer.StatusCode != http.StatusOK {
		refused := new(call.Error)
		if err := d.Decode(refused); err != nil {
			return err
		}
		return refused
	}
	return d.Decode(result)
}

func (m managing) run(ctx context.Context, words []string, o deskOptions) error {
	var all desk.DeskList
	if err := m.ask(ctx, "desks", desk.Empty{}, &all); err != nil {
		return err
	}
	switch words[0] {
	case "add":
		return m.add(ctx, all, words[1], o)
	case "list":
		return errors.Join(m.list(all), m.listKeys(all))
	case "key":
		return m.addKey(ctx, all, o)
	case "revoke-key":
		return m.does(ctx, "keyRevoke", desk.KeyBody{Key: words[1]}, "The key "+words[1]+" is revoked. The desks that it has made stay.")
	}
	at, err := find(all, words[1])
	if err != nil {
		return err
	}
	one, change := desk.DeskBody{Desk: at.ID}, desk.DeskChangeBody{Desk: at.ID}
	switch words[0] {
	case "code":
		return m.pairs(ctx, at.Name, "deskCode", one)
	case "rename":
		change.Name = &words[2]
		return m.does(ctx, "deskChange", change, at.Name+" is called "+words[2]+" now.")
	case "roles":
		of, err := rolesOf(words[2])
		if err != nil {
			return err
		}
		change.Roles = &of
		return m.does(ctx, "deskChange", change, at.Name+" is "+strings.Join(of.Names(), " and ")+" now.")
	case "studios":
		in, err := studiosOf(all, words[2])
		if err != nil {
			return err
		}
		change.Studios = &in
		return m.does(ctx, "deskChange", change, at.Name+" works in "+strings.Join(studioNames(all, in), " and ")+" now.")
	case "signout":
		return m.does(ctx, "deskSignOut", one, at.Name+" is signed out. callin desks code pairs it again.")
	}
	return m.does(ctx, "deskRevoke", one, at.Name+" is revoked.")
}

// add makes a desk, for all studios unless some are named.
func (m managing) add(ctx context.Context, all desk.DeskList, name string, o deskOptions) error {
	of, in, err := o.rights(all)
	if err != nil {
		return err
	}
	return m.pairs(ctx, name, "deskAdd", desk.DeskAddBody{Name: name, Roles: of, Studios: in})
}

// rights are what is to be given; no studios are all of them.
func (o deskOptions) rights(all desk.DeskList) (of call.Roles, in *[]call.Studio, err error) {
	if of, err = rolesOf(o.roles); err != nil || o.studios == "" {
		return of, nil, err
	}
	some, err := studiosOf(all, o.studios)
	return of, &some, err
}

// studiosOf are the station's studios of some names or ids.
func studiosOf(all desk.DeskList, text string) (ids []call.Studio, err error) {
	for _, named := range strings.Split(text, ",") {
		named = strings.TrimSpace(named)
		at := slices.IndexFunc(all.Studios, func(st desk.StudioName) bool {
			return named != "" && (string(st.ID) == named || strings.EqualFold(st.Name, named))
		})
		if at < 0 {
			return nil, &call.Error{Code: call.CodeBadField, Message: fmt.Sprintf("There is no studio %q. The station has %s.", named, strings.Join(studioWords(all), ", "))}
		}
		if id := all.Studios[at].ID; !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// studioWords are the station's studios as they can be named.
func studioWords(all desk.DeskList) (words []string) {
	for _, st := range all.Studios {
		said := strconv.Quote(st.Name)
		if st.ID != "" {
			said += " (" + string(st.ID) + ")"
		}
		words = append(words, said)
	}
	return words
}

// studioNames are the names of some studios; the id of one that the station has no more.
func studioNames(all desk.DeskList, ids []call.Studio) (names []string) {
	for _, id := range ids {
		name := string(id)
		for _, st := range all.Studios {
			if st.ID == id {
				name = st.Name
			}
		}
		names = append(names, name)
	}
	return names
}

func rolesOf(text string) (call.Roles, error) {
	of, ok := call.RolesOf(strings.Split(text, ",")...)
	if !ok {
		return of, &call.Error{Code: call.CodeBadField, Message: "There are no roles " + text + ". A desk is host, producer and manager, with commas between them, or watcher."}
	}
	return of, nil
}

func find(all desk.DeskList, named string) (desk.DeskEntry, error) {
	at := slices.IndexFunc(all.Desks, func(d desk.DeskEntry) bool {
		return string(d.ID) == named || strings.EqualFold(d.Name, named)
	})
	if at < 0 {
		return desk.DeskEntry{}, &call.Error{Code: call.CodeNoSuchDesk, Message: "There is no desk " + named + ". callin desks list shows which there are."}
	}
	return all.Desks[at], nil
}

func (m managing) does(ctx context.Context, op string, body any, done string) error {
	if err := m.ask(ctx, op, body, &desk.Empty{}); err != nil {
		return err
	}
	_, err := fmt.Fprintln(m.out, done)
	return err
}

// pairs prints a new code of a desk, and what is done with it.
func (m managing) pairs(ctx context.Context, name, op string, body any) error {
	var code desk.DeskCode
	if err := m.ask(ctx, op, body, &code); err != nil {
		return err
	}
	var all desk.DeskList
	if err := m.ask(ctx, "desks", desk.Empty{}, &all); err != nil {
		return err
	}
	fmt.Fprintf(m.out, "code: %s\n", code.Code)
	fmt.Fprintf(m.out, "It pairs %s once, until %s.\n", name, time.UnixMilli(code.Until).Format("15:04:05"))
	m.addresses(all)
	if all.Words != "" {
		fmt.Fprintln(m.out, "words:", all.Words)
		fmt.Fprintln(m.out, "The PC that is paired must show the same words. If it shows others, somebody else answers in the station's place.")
	}
	return nil
}

// addresses prints where PCs find the station.
func (m managing) addresses(all desk.DeskList) {
	for _, address := range all.Addresses {
		fmt.Fprintln(m.out, "address:", address)
	}
	if len(all.Addresses) == 0 {
		fmt.Fprintln(m.out, "The station has no door for desks yet: set door in its settings and start it again.")
	}
}

func (m managing) list(all desk.DeskList) error {
	if len(all.Desks) == 0 {
		_, err := fmt.Fprintln(m.out, "There are no desks yet. callin desks add makes one.")
		return err
	}
	table := tabwriter.NewWriter(m.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "NAME\tROLES\tSTUDIOS\tSIGNED IN WITH\tUNTIL\tSEEN\tID")
	for _, d := range all.Desks {
		until := "-"
		if d.Until != 0 {
			until = time.UnixMilli(d.Until).Format(time.DateOnly)
		}
		with, seen := cmp.Or(string(d.With), "-"), cmp.Or(d.Seen, "-")
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", d.Name, strings.Join(d.Roles.Names(), ","), strings.Join(studioNames(all, d.Studios), ", "), with, until, seen, d.ID)
	}
	return table.Flush()
}
