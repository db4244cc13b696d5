package settings

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// ReadText is what a person or a script has put into a small file (at most 4 KiB of it), in whichever of
// these codes Windows' programs write it.
func ReadText(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("settings: %w", err)
	}
	defer file.Close()
	b, err := io.ReadAll(io.LimitReader(file, 4<<10))
	if err != nil {
		return "", fmt.Errorf("settings: %w", err)
	}
	text, not := plain(b)
	if not != "" {
		return "", fmt.Errorf("settings: %s is %s", path, not)
	}
	return string(text), nil
}

// plain is a file's text as UTF-8 without a byte-order mark. Editors of Windows
// begin UTF-8 with one, and save UTF-16 under the name of Unicode. What is
// neither has another name, which is returned.
func plain(file []byte) (text []byte, not string) {
	if rest, marked := bytes.CutPrefix(file, []byte("\xef\xbb\xbf")); marked {
		file = rest
	}
	for mark, order := range map[string]binary.ByteOrder{"\xff\xfe": binary.LittleEndian, "\xfe\xff": binary.BigEndian} {
		rest, marked := bytes.CutPrefix(file, []byte(mark))
		if !marked {
			continue
		}
		if len(rest)%2 != 0 {
			return nil, "UTF-16 that is cut off"
		}
		units := make([]uint16, len(rest)/2)
		for i := range units {
			units[i] = order.Uint16(rest[2*i:])
		}
		file = []byte(string(utf16.Decode(units)))
	}
	switch {
	case bytes.IndexByte(file, 0) >= 0:
		return nil, "UTF-16 or UTF-32 without its mark, or no text at all"
	case !utf8.Valid(file):
		return nil, "in an older code of letters, such as Windows-1252"
	}
	return file, ""
}

// lines are where settings stand in a file, before any table; nil where none of them does.
func lines(path string, text []byte, names ...string) (at map[string]string) {
	for row, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") && !strings.Contains(line, "=") {
			return at
		}
		for _, name := range names {
			if rest, is := strings.CutPrefix(line, name); is && strings.HasPrefix(strings.TrimSpace(rest), "=") {
				if at == nil {
					at = map[string]string{}
				}
				at[name] = fmt.Sprintf("%s, line %d", path, row+1)
			}
		}
	}
	return at
}
