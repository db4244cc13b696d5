package app_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// forbidden says which packages must not import which, and why. Patterns are
// separated by spaces: a path below callin/app ("callin" for any of them), "app" itself, one of
// the standard library's after "std:", or another import path's beginning; "library" is anything but the standard
// library and callin. A package matches with all that is below it.
var forbidden = []struct {
	importer, imported string
	except             string // importers that may, after all
	reason             string
}{
	{
		"callin", "app", "",
		"app wires the others together; what is wired must not know how",
	},
	{
		"callin", "github.com/wailsapp/", "window",
		"one package knows the window, so that the rest runs without GTK and Wails can be replaced",
	},
	{
		"callin", "rehearsal", "rehearsal practice",
		"nothing may know that its Twilio is a rehearsal: it would not be tested as it runs on a real account",
	},
	{
		"rehearsal", "callin", "",
		"Twilio's stand-in shares no code with what it tests, so that two mistakes cannot agree",
	},
	{
		"rehearsal", "github.com/twilio/ github.com/golang-jwt/", "",
		"the stand-in answers Twilio's client and checks its tokens by code of its own, so that two mistakes cannot agree",
	},
	{
		"call", "callin library", "",
		"the domain is plain Go and knows nothing of Twilio's requests, of disks or of screens",
	},
	{
		"plain", "callin", "",
		"text is made plain in one way, whoever brings it",
	},
	{
		"picture", "library station locked journal carrier token desk web window voice setup settings", "",
		"the fold follows from facts alone, whoever records and shows them",
	},
	{
		"picture", "std:context std:sync std:net std:os std:log", "",
		"the fold has no lock, no clock and no goroutine: the same facts make the same picture",
	},
	{
		"cost", "library station journal carrier token desk web window voice setup settings rehearsal", "",
		"what a show comes to follows from facts, and from prices that it is told",
	},
	{
		"locked", "callin library", "",
		"a lock knows nothing of what it guards",
	},
	{
		"station", "journal carrier token", "",
		"the station declares what it needs of a disk and of Twilio; they satisfy it",
	},
	{
		"station", "desk web window voice setup", "",
		"the station does not know who tells it and who watches it",
	},
	{
		"station", "library", "",
		"the station decides by facts: no wire, no disk, no vendor",
	},
	{
		"journal carrier token", "station desk web window voice setup", "",
		"what satisfies an interface does not know who declared it",
	},
	{
		"journal", "carrier token", "",
		"the disk and Twilio meet in the station only",
	},
	{
		"carrier", "journal token", "",
		"the disk and Twilio meet in the station only",
	},
	{
		"desk", "carrier journal voice setup token web window pairing certificate clients", "desk/contract",
		"a desk asks the station; what the station does with Twilio and the disk is not a desk's to know, nor are its doors and who they let in",
	},
	{
		"web", "window carrier journal voice setup token", "",
		"a door opens onto the desk and nothing behind it, and does not need the other door",
	},
	{
		"window", "web carrier journal voice setup token", "",
		"a door opens onto the desk and nothing behind it, and does not need the other door",
	},
	{
		"voice", "desk web window journal token", "",
		"a telephone call is answered without any desk, from what the station knows",
	},
	{
		"wayin", "station carrier journal voice setup token desk web window settings library", "",
		"whether an address answers is told to whoever asks, and learnt over HTTP alone",
	},
	{
		"connect", "station picture journal token web window voice pairing remote practice rehearsal tunnel doctor", "",
		"a set-up asks the account and the folder, and is told of the station what it needs",
	},
	{
		"doctor", "station journal token web window voice pairing remote practice rehearsal tunnel connect settings secret", "",
		"a doctor looks and changes nothing, and is told how a station stands by whoever has it",
	},
	{
		"pairing", "station picture journal carrier token desk web window voice setup settings wayin practice rehearsal folder speech plain std:net library", "",
		"who is let in depends on no door, and on nothing that is behind one",
	},
	{
		"remote", "station journal carrier voice setup token web window pairing settings", "",
		"a desk of a station elsewhere has nothing of a station's, and does not know which door it is asked at",
	},
	{
		"station journal carrier voice setup token desk web window pairing practice rehearsal", "remote", "",
		"a station and the doors of a desk are the same wherever the desk is",
	},
	{
		"practice", "station carrier journal voice setup token web window", "",
		"a stage is one more thing that a desk can ask of, and a rehearsal a process like any other",
	},
	{
		"certificate", "station carrier journal voice setup token desk web window settings clients", "",
		"who a door is does not depend on what it leads to, nor on who comes",
	},
	{
		"callin", "std:crypto/tls golang.org/x/crypto/acme", "certificate rehearsal",
		"whom a desk trusts, and where a door's certificate comes from, is decided in one place",
	},
	{
		"clients", "station carrier journal voice setup token web window settings", "",
		"who asks, and how often they may, is told by addresses alone, whatever they ask for",
	},
	{
		"presence", "callin", "",
		"whether a desk is quiet is told to whatever program asks",
	},
	{
		"update", "station picture carrier journal voice setup token web window pairing remote settings practice rehearsal", "",
		"a newer Callin is brought to a PC whatever that one does, and by what it is told of a show",
	},
	{
		"folder", "callin library", "",
		"a folder is guarded before anything in it is read, whatever that is",
	},
	{
		"awake", "callin", "",
		"a computer is kept awake whatever for",
	},
	{
		"callin", "github.com/godbus/", "awake",
		"one package asks the system over D-Bus; nothing else may wait for a bus that is not there",
	},
	{
		"autostart", "callin", "",
		"the system starts whatever program it is told of",
	},
	{
		"endsession", "callin", "",
		"a session ends whatever program it is told of",
	},
	{
		"metrics", "station picture carrier journal voice setup token desk web window settings wayin", "",
		"who looks after a station is told by whoever makes it, and nothing waits for being looked at",
	},
	{
		"callin", "github.com/prometheus/", "metrics",
		"one package knows how numbers are shown; nothing else counts for somebody who may not be there",
	},
	{
		"service", "callin", "",
		"a service manager starts and ends whatever it is given",
	},
	{
		"speech", "station carrier journal voice setup token desk web window settings library", "",
		"a sentence is spoken whoever says it and whatever it is about",
	},
	{
		"tracks", "station picture journal carrier token desk web window voice setup settings", "",
		"what is recorded of a show is told by whoever has it, and where it is kept nobody needs to know",
	},
	{
		"settings", "callin", "",
		"they are read before there is anything else",
	},
	{
		"secret", "callin", "",
		"a secret is kept whatever it opens",
	},
	{
		"tunnel", "station picture carrier journal voice setup token desk web window settings secret wayin", "",
		"a tunnel leads to a port, whatever listens there, and is told what it needs",
	},
	{
		"callin", "golang.ngrok.com/", "tunnel",
		"one package knows whose tunnel it is",
	},
	{
		"callin", "github.com/zalando/go-keyring", "secret",
		"one package knows where secrets are, so that none is left where nobody looks for it",
	},
}

func TestImportsFollowTheArrows(t *testing.T) {
	for _, p := range packages(t) {
		for _, rule := range forbidden {
			if p.below == "" || !matches(rule.importer, p.ImportPath) || matches(rule.except, p.ImportPath) {
				continue
			}
			for _, imported := range p.Imports {
				if !together(p.ImportPath, imported) && matches(rule.imported, imported) {
					t.Errorf("app/%s imports %s, but %s", p.below, imported, rule.reason)
				}
			}
		}
	}
}

// A rule about a package that is not there forbids nothing.
func TestRulesNamePackagesThatExist(t *testing.T) {
	all := packages(t)
	for _, rule := range forbidden {
		for pattern := range strings.FieldsSeq(rule.importer + " " + rule.imported + " " + rule.except) {
			ours := pattern != "library" && !strings.ContainsAny(pattern, ".:")
			if ours && !slices.ContainsFunc(all, func(p pkg) bool { return matches(pattern, p.ImportPath) }) {
				t.Errorf("a rule names %s, and there is no such package", pattern)
			}
		}
	}
}

// Whoever starts goroutines has tests that fail for one that is left over: their
// own, or if there are none those of the package above.
func TestWhoStartsGoroutinesIsCheckedForLeaks(t *testing.T) {
	all := packages(t)
	for _, p := range all {
		if !has(t, p.Dir, p.GoFiles, startsGoroutine) {
			continue
		}
		tested := p
		for _, above := range all { // goes from the top down
			if len(p.tests()) == 0 && strings.HasPrefix(p.below, above.below+"/") && len(above.tests()) > 0 {
				tested = above
			}
		}
		if !has(t, tested.Dir, tested.tests(), func(n ast.Node) bool { return selects(n, "goleak", "VerifyTestMain") }) {
			t.Errorf("app/%s starts goroutines, and the tests of app/%s have no TestMain with goleak.VerifyTestMain", p.below, tested.below)
		}
	}
}

func TestEveryPackageSaysWhyItExists(t *testing.T) {
	for _, p := range packages(t) {
		if p.Doc == "" {
			t.Errorf("%s has no package comment", p.ImportPath)
		}
	}
}

func TestTopLevelIsSmall(t *testing.T) {
	visible := strings.Fields("app frontend build main.go wails.json go.mod go.sum README.md")
	out, err := exec.Command("git", "-C", "..", "ls-files").Output()
	if err != nil {
		t.Fatal("git ls-files: ", err)
	}
	for file := range strings.Lines(string(out)) {
		top, _, _ := strings.Cut(strings.TrimSpace(file), "/")
		if !strings.HasPrefix(top, ".") && !slices.Contains(visible, top) {
			t.Errorf("%s is at the top level, where there is nothing but %v", top, visible)
			visible = append(visible, top)
		}
	}
}

type pkg struct {
	ImportPath, Dir, Doc      string
	Imports                   []string
	GoFiles, IgnoredGoFiles   []string
	TestGoFiles, XTestGoFiles []string
	below                     string // its path below callin/app; "" for app itself
}

// tests are the test files, also those for a build without the window.
func (p pkg) tests() []string {
	without := slices.DeleteFunc(slices.Clone(p.IgnoredGoFiles), func(name string) bool { return !strings.HasSuffix(name, "_test.go") })
	return slices.Concat(p.TestGoFiles, p.XTestGoFiles, without)
}

// packages are callin/app and all below it, with the window built in.
func packages(t *testing.T) []pkg {
	t.Helper()
	list := exec.Command("go", "list", "-json=ImportPath,Dir,Doc,Imports,GoFiles,IgnoredGoFiles,TestGoFiles,XTestGoFiles", "-tags", "desktop,production,webkit2_41", "./...")
	var stderr bytes.Buffer
	list.Stderr = &stderr
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	var all []pkg
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		p.below = strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, "callin/app"), "/")
		all = append(all, p)
	}
}

// together reports whether two import paths are of one package and what is
// below it.
func together(a, b string) bool {
	top := func(path string) string {
		below, ours := strings.CutPrefix(path, "callin/app/")
		first, _, _ := strings.Cut(below, "/")
		if !ours {
			return ""
		}
		return first
	}
	return top(a) != "" && top(a) == top(b)
}

// matches reports whether one of the patterns stands for the import path.
func matches(patterns, path string) bool {
	first, _, _ := strings.Cut(path, "/")
	below, ours := strings.CutPrefix(path, "callin/app/")
	return slices.ContainsFunc(strings.Fields(patterns), func(pattern string) bool {
		switch {
		case pattern == "callin":
			return ours
		case pattern == "app":
			return path == "callin/app"
		case pattern == "library":
			return strings.Contains(first, ".")
		case strings.Contains(pattern, "."):
			return strings.HasPrefix(path, pattern)
		case strings.HasPrefix(pattern, "std:"):
			return strings.HasPrefix(path+"/", pattern[len("std:"):]+"/")
		}
		return ours && (below == pattern || strings.HasPrefix(below, pattern+"/"))
	})
}

// has reports whether there is a node of a kind in one of the files.
func has(t *testing.T, dir string, files []string, is func(ast.Node) bool) (found bool) {
	t.Helper()
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, name), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			found = found || is(n)
			return !found
		})
	}
	return found
}

// startsGoroutine reports whether a node is a go statement, or what begins one.
func startsGoroutine(n ast.Node) bool {
	_, is := n.(*ast.GoStmt)
	return is || selects(n, "", "Go") || selects(n, "time", "AfterFunc")
}

// selects reports whether a node is of.name; of any if that is empty.
func selects(n ast.Node, of, name string) bool {
	s, is := n.(*ast.SelectorExpr)
	if !is || s.Sel.Name != name {
		return false
	}
	x, _ := s.X.(*ast.Ident)
	return of == "" || x != nil && x.Name == of
}
