package desk

import (
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"callin/app/call"
	"callin/app/picture"
	"callin/app/studio"
)

var (
	interfaces = regexp.MustCompile(`(?m)^export interface (\w+) \{\n((?:  .*\n|\n)*)\}`)
	field      = regexp.MustCompile(`(?m)^  (\w+)(\??): (.*);$`)
)

// The page's idea of what it is told is written by hand; here it is held to Go's.
func TestThePageKnowsTheContract(t *testing.T) {
	text, err := os.ReadFile("../../frontend/src/backend/contract.ts")
	if err != nil {
		t.Fatal(err)
	}
	page := map[string]map[string]string{}
	for _, m := range interfaces.FindAllStringSubmatch(string(text), -1) {
		fields := map[string]string{}
		for _, f := range field.FindAllStringSubmatch(m[2], -1) {
			fields[f[1]+f[2]] = f[3]
		}
		page[m[1]] = fields
	}
	for name, of := range map[string]reflect.Type{
		"Picture":    reflect.TypeFor[picture.Picture](),
		"Station":    reflect.TypeFor[picture.Station](),
		"Show":       reflect.TypeFor[picture.Show](),
		"Line":       reflect.TypeFor[picture.Line](),
		"Card":       reflect.TypeFor[picture.Card](),
		"Moving":     reflect.TypeFor[picture.Moving](),
		"Check":      reflect.TypeFor[picture.Check](),
		"Trouble":    reflect.TypeFor[picture.Trouble](),
		"Voicemail":  reflect.TypeFor[picture.Voicemail](),
		"Change":     reflect.TypeFor[picture.Change](),
		"Place":      reflect.TypeFor[call.Place](),
		"Edition":    reflect.TypeFor[call.Edition](),
		"Entry":      reflect.TypeFor[Entry](),
		"RecordPage": reflect.TypeFor[Page](),
		"Refusal":    reflect.TypeFor[call.Error](),
		"Begun":      reflect.TypeFor[studio.Begun](),
	} {
		if diff := cmp.Diff(written(of), page[name]); diff != "" {
			t.Errorf("%s is not the same in Go (-) and in contract.ts (+):\n%s", name, diff)
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(operations)), slices.Sorted(maps.Keys(page["Bodies"]))); diff != "" {
		t.Errorf("the operations are not the same in Go (-) and in contract.ts (+):\n%s", diff)
	}
}

// written is how TypeScript would write a struct's fields.
func written(of reflect.Type) map[string]string {
	fields := map[string]string{}
	for i := range of.NumField() {
		f := of.Field(i)
		name, option, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" {
			continue
		}
		if option == "omitempty" {
			name += "?"
		}
		fields[name] = typescript(f.Type)
	}
	return fields
}

func typescript(of reflect.Type) string {
	switch of {
	case reflect.TypeFor[call.Sid]():
		return "Sid"
	case reflect.TypeFor[call.State]():
		return "LineState"
	case reflect.TypeFor[call.Code]():
		return "string"
	}
	switch of.Kind() {
	case reflect.Pointer:
		return typescript(of.Elem())
	case reflect.Slice:
		return typescript(of.Elem()) + "[]"
	case reflect.Bool:
		return "boolean"
	case reflect.Int64, reflect.Float64:
		return "number"
	}
	if of.PkgPath() != "" {
		return of.Name()
	}
	return "string"
}
