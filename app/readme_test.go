package app

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Who is in trouble looks for the sentence that they see: each that the README's
// table of troubles quotes is said so, word for word; … stands for what differs.
func TestTheReadmeQuotesWhatCallinSays(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(readme), "\n| You see or hear | Do |\n|---|---|\n")
	if !found {
		t.Fatal("the README has no table of troubles")
	}
	table, _, _ = strings.Cut(table, "\n\n")
	source := sources(t)
	quoted := 0
	for row := range strings.Lines(table) {
		seen, _, _ := strings.Cut(strings.TrimPrefix(row, "|"), "|")
		for _, quote := range regexp.MustCompile(`"([^"]+)"`).FindAllStringSubmatch(seen, -1) {
			quoted++
			if !says(source, strings.Split(strings.Trim(quote[1], "…"), "…")) {
				t.Errorf("Callin says nowhere %q", quote[1])
			}
		}
	}
	if quoted < 20 {
		t.Errorf("only %d sentences were found in the table", quoted)
	}
}

// What can be set by the environment is found there, and so is each folder of app.
func TestTheReadmeNamesEverySettingAndFolder(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	code, err := os.ReadFile("settings/settings.go")
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile(`"((?:TWILIO|CALLIN)_[A-Z_]+)":`).FindAllStringSubmatch(string(code), -1)
	if len(names) < 20 {
		t.Errorf("only %d settings of the environment were found", len(names))
	}
	for _, name := range names {
		if !strings.Contains(string(readme), "`"+name[1]+"`") {
			t.Errorf("the README does not name %s", name[1])
		}
	}
	_, layout, _ := strings.Cut(string(readme), "\n## For developers\n")
	layout, _, _ = strings.Cut(layout, "\n    build/")
	folders, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		if folder.IsDir() && !strings.Contains(layout, " "+folder.Name()+"/ ") {
			t.Errorf("the README's layout does not have app/%s", folder.Name())
		}
	}
}

// says reports whether a line has these parts one after the other, with at most 80 letters from each to the next.
// An expression would say the same, and takes a minute for all of them with the race detector.
func says(source string, parts []string) bool {
	for rest := source; ; {
		at := strings.Index(rest, parts[0])
		if at < 0 {
			return false
		}
		rest = rest[at+len(parts[0]):]
		line, _, _ := strings.Cut(rest, "\n")
		if follow(line, parts[1:]) {
			return true
		}
	}
}

func follow(line string, parts []string) bool {
	if len(parts) == 0 {
		return true
	}
	for from := 1; ; from++ {
		at := strings.Index(line[min(from, len(line)):], parts[0])
		if at < 0 || from+at > 80 {
			return false
		}
		from += at
		if follow(line[from+len(parts[0]):], parts[1:]) {
			return true
		}
	}
}

// sources are what Callin and its page are built of.
func sources(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, root := range []string{".", "../frontend/src"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, ".test.ts") {
				return err
			}
			switch filepath.Ext(path) {
			case ".go", ".ts", ".svelte":
				text, err := os.ReadFile(path)
				for line := range strings.Lines(string(text)) {
					if !strings.HasPrefix(strings.TrimSpace(line), "//") { // nobody sees a comment
						all.WriteString(line)
					}
				}
				return err
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}
