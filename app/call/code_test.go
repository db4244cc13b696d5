package call_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"testing"

	"callin/app/call"
)

// A code that came over a wire or out of a journal is the same one.
func TestACodeIsReadAsItWasWritten(t *testing.T) {
	text, err := json.Marshal(call.Error{Code: call.CodeNoSuchCall, Message: "Gone."})
	if err != nil || string(text) != `{"code":"no_such_call","message":"Gone."}` {
		t.Errorf("it is written as %s, %v", text, err)
	}
	var back call.Error
	if err := json.Unmarshal(text, &back); err != nil || back.Code != call.CodeNoSuchCall || back.Code.Status() != 404 {
		t.Errorf("it is read as %v %d, %v", back.Code, back.Code.Status(), err)
	}
	if err := json.Unmarshal([]byte(`{"code":"made_up"}`), &back); err == nil {
		t.Error("a code that there is not was read")
	}
	if call.CodeOf("queue_full") != call.CodeQueueFull || call.CodeOf("of_old").String() != "of_old" {
		t.Error("a journal's name is another code")
	}
}

// No code is made outside the table.
func TestEveryCodeStandsInTheTable(t *testing.T) {
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if made, ok := n.(*ast.CompositeLit); ok && name != "code.go" {
				if of, ok := made.Type.(*ast.Ident); ok && of.Name == "Code" {
					t.Errorf("%s makes a code of its own", name)
				}
			}
			return true
		})
	}
}
