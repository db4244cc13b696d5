package desk

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"callin/app/call"
	"callin/app/picture"
)

// The page's idea of what it may ask and is told is written by hand; here it is
// held to Go's: every body, every result, what the feed brings, and all types
// that these lead to.
func TestThePageKnowsTheContract(t *testing.T) {
	p := readPage(t)
	bodies, results := map[string]string{}, map[string]string{}
	for name, o := range operations {
		bodies[name] = p.write(o.takes, askedBy)
		if o.gives != reflect.TypeFor[Empty]() {
			results[name] = p.write(o.gives, told)
		}
	}
	p.same("Bodies", bodies, p.interfaces["Bodies"])
	p.same("Results", results, p.interfaces["Results"])
	for name, of := range map[string]reflect.Type{
		"Picture": reflect.TypeFor[picture.Picture](), "Change": reflect.TypeFor[picture.Change](),
		"StageNow": reflect.TypeFor[StageNow](), "StationNow": reflect.TypeFor[StationNow](), "Refusal": reflect.TypeFor[call.Error](),
		"UpdateNow": reflect.TypeFor[UpdateNow](),
	} {
		if p.write(of, told) != name {
			t.Errorf("contract.ts has no %s", name)
		}
	}
	for name := range p.interfaces {
		if !p.met[name] && name != "Bodies" && name != "Results" {
			t.Errorf("contract.ts has %s, which Callin neither asks for nor tells", name)
		}
	}
	for name := range p.unions {
		if !p.met[name] {
			t.Errorf("contract.ts has %s, which Callin neither asks for nor tells", name)
		}
	}
}

// page is contract.ts.
type page struct {
	*testing.T
	interfaces map[string]map[string]string // the types of their fields; an optional one's name ends in ?
	unions     map[string][]string
	met        map[string]bool // those that were compared
}

var (
	anInterface = regexp.MustCompile(`(?m)^export interface (\w+) \{\n((?:  .*\n|\n)*)\}`)
	aField      = regexp.MustCompile(`(?m)^  (\w+\??): (.*);$`)
	aUnion      = regexp.MustCompile(`(?m)^export type (\w+) =((?:\s*\|?\s*"[\w-]*")+);`)
	aValue      = regexp.MustCompile(`"([\w-]*)"`)
)

func readPage(t *testing.T) *page {
	text, err := os.ReadFile("../../frontend/src/backend/contract.ts")
	if err != nil {
		t.Fatal(err)
	}
	p := &page{t, map[string]map[string]string{}, map[string][]string{}, map[string]bool{}}
	for _, m := range anInterface.FindAllStringSubmatch(string(text), -1) {
		p.interfaces[m[1]] = map[string]string{}
		for _, f := range aField.FindAllStringSubmatch(m[2], -1) {
			p.interfaces[m[1]][f[1]] = f[2]
		}
	}
	for _, m := range aUnion.FindAllStringSubmatch(string(text), -1) {
		for _, value := range aValue.FindAllStringSubmatch(m[2], -1) {
			if value[1] != "" { // nothing, in Go too
				p.unions[m[1]] = append(p.unions[m[1]], value[1])
			}
		}
	}
	return p
}

func (p *page) same(name string, inGo, inPage any) {
	p.Helper()
	if diff := cmp.Diff(inGo, inPage); diff != "" {
		p.Errorf("%s is not the same in Go (-) and in contract.ts (+):\n%s", name, diff)
	}
}

// A field of a body may be left out unless it is needed; one that is told may be
// missing if Go leaves it out when it is empty.
func askedBy(f reflect.StructField) bool { return f.Tag.Get("need") == "" }

func told(f reflect.StructField) bool { return strings.HasSuffix(f.Tag.Get("json"), ",omitempty") }

// named are the page's names of Go's types, where they are others.
var named = map[reflect.Type]string{
	reflect.TypeFor[call.State](): "LineState",
	reflect.TypeFor[call.Error](): "Refusal",
	reflect.TypeFor[call.Code]():  "string",
	reflect.TypeFor[Softphone]():  "PhonePass",
	reflect.TypeFor[Page]():       "RecordPage",
}

// unions are the types that have a few values only.
var unions = []reflect.Type{
	reflect.TypeFor[call.Kind](), reflect.TypeFor[call.State](), reflect.TypeFor[call.ShowState](),
	reflect.TypeFor[StageTrouble](), reflect.TypeFor[Format](), reflect.TypeFor[picture.Sound](), reflect.TypeFor[call.Ordering](), reflect.TypeFor[call.Farewell](), reflect.TypeFor[SignedInWith](), reflect.TypeFor[SetupStep](), reflect.TypeFor[PublicKind](), reflect.TypeFor[FindingState](), reflect.TypeFor[PageLine](), reflect.TypeFor[picture.CostKind](),
}

// write is how TypeScript writes a type: by its name, or whole where the page has
// none for it. What it meets on the way is compared.
func (p *page) write(of reflect.Type, optional func(reflect.StructField) bool) string {
	name := named[of]
	if name == "" {
		name = of.Name()
	}
	if slices.Contains(unions, of) {
		if !p.met[name] {
			p.met[name] = true
			p.same(name, constants(p.T, of), p.unions[name])
		}
		return name
	}
	if of == reflect.TypeFor[call.Roles]() {
		p.met["Role"] = true
		all := append((call.Host | call.Producer | call.Manager).Names(), call.Watcher.Names()...)
		p.same("Role", all, p.unions["Role"])
		return "Role[]"
	}
	switch of.Kind() {
	case reflect.Pointer:
		return p.write(of.Elem(), optional)
	case reflect.Slice:
		return p.write(of.Elem(), optional) + "[]"
	case reflect.Map:
		return "Partial<Record<" + p.write(of.Key(), optional) + ", " + p.write(of.Elem(), optional) + ">>"
	case reflect.Bool:
		return "boolean"
	case reflect.Int, reflect.Int64, reflect.Float64:
		return "number"
	case reflect.Struct:
		if name == "string" || of == reflect.TypeFor[Empty]() {
			return name
		}
		return p.writeStruct(name, of, optional)
	}
	if of == reflect.TypeFor[call.Sid]() {
		return name
	}
	return "string"
}

func (p *page) writeStruct(name string, of reflect.Type, optional func(reflect.StructField) bool) string {
	if p.met[name] {
		return name
	}
	if of == reflect.TypeFor[call.Place]() { // a page asks with what it was told
		optional = told
	}
	inPage, interfaced := p.interfaces[name]
	p.met[name] = interfaced
	fields, inline := map[string]string{}, []string{}
	for i := range of.NumField() {
		f := of.Field(i)
		key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if key == "-" {
			continue
		}
		if optional(f) {
			key += "?"
		}
		fields[key] = p.write(f.Type, optional)
		inline = append(inline, key+": "+fields[key])
	}
	if !interfaced {
		return "{ " + strings.Join(inline, "; ") + " }"
	}
	p.same(name, fields, inPage)
	return name
}

// constants are the values of a type that are not empty, in the order in which its
// package has them.
func constants(t *testing.T, of reflect.Type) (values []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("../..", strings.TrimPrefix(of.PkgPath(), "callin/"), "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if name, ok := spec.Type.(*ast.Ident); ok && name.Name == of.Name() && len(spec.Values) == 1 {
				if literal, ok := spec.Values[0].(*ast.BasicLit); ok {
					values = append(values, literal.Value)
				}
			}
			return true
		})
	}
	for i := range values {
		values[i], err = strconv.Unquote(values[i])
		if err != nil {
			t.Fatal(err)
		}
	}
	return slices.DeleteFunc(values, func(v string) bool { return v == "" })
}
