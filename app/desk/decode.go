package desk

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"callin/app/call"
	"callin/app/plain"
)

// Limit is the most bytes that an operation's body may have.
const Limit = 16 << 10

// TooLong refuses a body that is longer than Limit.
var TooLong = &call.Error{Code: call.CodeBodyTooLong, Message: "This is more than Callin takes at once."}

func bad(field, message string) *call.Error {
	return &call.Error{Code: call.CodeBadField, Message: message, Field: field}
}

var callSid = regexp.MustCompile(`^CA[0-9a-f]{32}$`)

// decode reads an operation's body strictly: a JSON object with the fields of
// Body, by their exact names and types. A text becomes a plain line, and may have
// no control characters. A field tagged need must be there and not be empty; max is
// the most characters of a text. A refusal names the field.
func decode[Body any](body []byte) (Body, *call.Error) {
	var b Body
	if len(body) > Limit {
		return b, TooLong
	}
	notJSON := &call.Error{Code: call.CodeBadBody, Message: "The page sent something that Callin cannot read. Reload the page."}
	d := json.NewDecoder(bytes.NewReader(body))
	var given map[string]json.RawMessage
	if err := d.Decode(&given); err != nil || given == nil {
		return b, notJSON
	}
	if _, err := d.Token(); err != io.EOF {
		return b, notJSON
	}
	fields := reflect.ValueOf(&b).Elem()
	for i := range fields.NumField() {
		f := fields.Type().Field(i)
		name := f.Tag.Get("json")
		raw, ok := given[name]
		delete(given, name)
		if !ok {
			if f.Tag.Get("need") != "" {
				return b, bad(name, fmt.Sprintf("The page left out %q. Reload the page.", name))
			}
			continue
		}
		if string(raw) == "null" && f.Type.Kind() != reflect.Pointer {
			return b, bad(name, fmt.Sprintf("The page sent a wrong %q. Reload the page.", name))
		}
		if err := json.Unmarshal(raw, fields.Field(i).Addr().Interface()); err != nil {
			return b, bad(name, fmt.Sprintf("The page sent a wrong %q. Reload the page.", name))
		}
		if refused := checked(name, f, fields.Field(i)); refused != nil {
			return b, refused
		}
	}
	for name := range given {
		return b, bad(name, "The page sent a field that Callin does not know. Reload the page.")
	}
	return b, nil
}

// checked refuses a field's value that has the right type but no sense.
func checked(name string, f reflect.StructField, v reflect.Value) *call.Error {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil
		}
		v = v.Elem()
	}
	if v.Kind() != reflect.String {
		return nil
	}
	text := v.String()
	if f.Type == reflect.TypeFor[call.Sid]() {
		if text == "" && f.Tag.Get("need") == "" || callSid.MatchString(text) {
			return nil
		}
		return bad(name, "This is not a call. Reload the page.")
	}
	if strings.ContainsFunc(text, unicode.IsControl) { // more than one line was meant
		return bad(name, "Only one line of plain text fits here.")
	}
	text = plain.Line(text)
	v.SetString(text)
	if text == "" && f.Tag.Get("need") != "" {
		return bad(name, fmt.Sprintf("The page left %q empty. Reload the page.", name))
	}
	if most, _ := strconv.Atoi(f.Tag.Get("max")); utf8.RuneCountInString(text) > most {
		return &call.Error{Code: call.CodeTooLong, Field: name, Message: fmt.Sprintf("At most %d characters fit here. Shorten it.", most)}
	}
	return nil
}
