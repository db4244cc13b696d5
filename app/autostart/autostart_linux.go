package autostart

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// file is where desktops look for what they start for a user.
func (p Program) file() (string, error) {
	dir, err := os.UserConfigDir()
	return filepath.Join(dir, "autostart", strings.ToLower(p.Name)+".desktop"), err
}

func (p Program) on() (bool, error) {
	path, err := p.file()
	if err != nil {
		return false, err
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	lines := strings.Split(strings.ReplaceAll(string(text), " = ", "="), "\n")
	// Desktops switch an entry off by the one or the other.
	off := slices.Contains(lines, "Hidden=true") || slices.Contains(lines, "X-GNOME-Autostart-enabled=false")
	return err == nil && slices.Contains(lines, "Exec="+p.line()) && !off, err
}

// line is the program and its arguments as an entry has them: each in quotation marks,
// within which four signs are escaped, once more in the file, and no percent is a field.
func (p Program) line() string {
	var words []string
	for _, word := range append([]string{p.Path}, p.Args...) {
		word = strings.NewReplacer(`\`, `\\\\`, `"`, `\\"`, "`", "\\\\`", `$`, `\\$`, `%`, `%%`).Replace(word)
		words = append(words, `"`+word+`"`)
	}
	return strings.Join(words, " ")
}

func (p Program) add() error {
	path, err := p.file()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	entry := "[Desktop Entry]\nType=Application\nName=" + p.Name + "\nExec=" + p.line() + "\n"
	return os.WriteFile(path, []byte(entry), 0o600)
}

func (p Program) remove() error {
	path, err := p.file()
	if err != nil {
		return err
	}
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
