package settings

import (
	"errors"
	"io/fs"
	"os"

	"github.com/pelletier/go-toml/v2"
)

// PolicyFile reads a policy that is a file; none is a policy without settings. One that
// cannot be read is refused, as the desks of a station must not become stations.
func PolicyFile(path string) (p Policy, err error) {
	p = Policy{Where: "The policy " + path, Values: map[string]any{}}
	file, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	if err != nil {
		return p, &Error{p.Where, "It cannot be read. Let those who use this computer read it."}
	}
	text, not := plain(file)
	if not != "" {
		return p, &Error{p.Where, "It is " + not + ". Save it as UTF-8."}
	}
	if err := toml.Unmarshal(text, &p.Values); err != nil {
		return p, unreadable(p.Where, err)
	}
	return p, nil
}
