// Command sbom names what a build ships: every Go module that is linked into the
// programs it is given, the Go standard library, and every npm package that is in the
// page, each with its licence, as CycloneDX; and all their licence texts in one file.
// It refuses a part whose licence it does not know.
package main

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// part is something that others made and a build ships.
type part struct {
	kind, name, version, purl, licence string
	texts                              []string
}

func main() {
	version := flag.String("version", "", "the build's")
	date := flag.String("date", "", "the commit's, RFC 3339")
	shipped := flag.String("page", "", "a file with the folders of the page's npm packages, one a line")
	var also []string
	flag.Func("also", "another part: its package URL,licence,file of the text", func(part string) error {
		also = append(also, part)
		return nil
	})
	to := flag.String("sbom", "", "where the CycloneDX file goes")
	licences := flag.String("licences", "", "where the licence texts go")
	flag.Parse()
	if err := write(*version, *date, *shipped, also, *to, *licences, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

func write(version, date, shipped string, also []string, to, licences string, programs []string) error {
	modules, err := modulesOf(programs)
	if err != nil {
		return err
	}
	packages, err := packagesOf(shipped)
	if err != nil {
		return err
	}
	parts := slices.Concat(modules, packages)
	for _, other := range also {
		f := strings.Split(other, ",")
		if len(f) != 3 {
			return fmt.Errorf("-also %s: it has three parts", other)
		}
		text, err := os.ReadFile(f[2])
		if err != nil {
			return err
		}
		name, version, _ := strings.Cut(path.Base(f[0]), "@")
		parts = append(parts, part{"library", name, version, f[0], f[1], []string{string(text)}})
	}
	slices.SortFunc(parts, func(a, b part) int { return cmp.Compare(a.purl, b.purl) })
	for _, p := range parts {
		if p.licence == "" {
			err = errors.Join(err, fmt.Errorf("%s %s has no licence that is known here; it says: %.300s", p.name, p.version, strings.Join(p.texts, " ")))
		}
	}
	if err != nil {
		return err
	}
	sbom, err := cycloneDX(version, date, parts)
	if err != nil {
		return err
	}
	if err := os.WriteFile(to, sbom, 0o644); err != nil {
		return err
	}
	return os.WriteFile(licences, texts(version, parts), 0o644)
}

// modulesOf are those that are linked into one of the programs, and Go's own library.
func modulesOf(programs []string) ([]part, error) {
	folders := map[string]string{}
	list, err := exec.Command("go", "list", "-m", "-f", "{{.Path}}@{{.Version}}\t{{.Dir}}", "all").Output()
	if err != nil {
		return nil, fmt.Errorf("go list -m: %w", err)
	}
	for line := range strings.Lines(string(list)) {
		module, dir, _ := strings.Cut(strings.TrimSpace(line), "\t")
		folders[module] = dir
	}
	goRoot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("go env: %w", err)
	}
	std := part{kind: "library", name: "std", version: runtime.Version(), purl: "pkg:golang/std@" + strings.TrimPrefix(runtime.Version(), "go")}
	text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(goRoot)), "LICENSE"))
	if err != nil {
		return nil, err
	}
	std.texts, std.licence = []string{string(text)}, licenceOf(string(text))
	parts, seen := []part{std}, map[string]bool{}
	for _, program := range programs {
		info, err := buildinfo.ReadFile(program)
		if err != nil {
			return nil, err
		}
		for _, module := range info.Deps {
			if module.Replace != nil {
				module = module.Replace
			}
			known := module.Path + "@" + module.Version
			if seen[known] {
				continue
			}
			seen[known] = true
			p := part{kind: "library", name: module.Path, version: module.Version, purl: "pkg:golang/" + known}
			if p.texts, err = textsIn(folders[known]); err != nil {
				return nil, fmt.Errorf("%s: %w", known, err)
			}
			p.licence = licenceOf(p.texts...)
			parts = append(parts, p)
		}
	}
	return parts, nil
}

// packagesOf are those of npm that are in the page, whose folders a file lists.
func packagesOf(shipped string) (parts []part, err error) {
	file, err := os.Open(shipped)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		dir := lines.Text()
		about, err := os.ReadFile(filepath.Join(dir, "package.json"))
		if err != nil {
			return nil, err
		}
		var is struct{ Name, Version, License string }
		if err := json.Unmarshal(about, &is); err != nil {
			return nil, fmt.Errorf("%s: %w", dir, err)
		}
		p := part{kind: "library", name: is.Name, version: is.Version, purl: "pkg:npm/" + strings.Replace(url.PathEscape(is.Name), "%2F", "/", 1) + "@" + is.Version}
		p.purl = strings.Replace(p.purl, "npm/@", "npm/%40", 1)
		if p.texts, err = textsIn(dir); err != nil {
			return nil, err
		}
		if p.licence = cmp.Or(is.License, licenceOf(p.texts...)); len(p.texts) == 0 {
			p.texts = []string{"There is no text in the package; its package.json says " + p.licence + ".\n"}
		}
		parts = append(parts, p)
	}
	return parts, nil
}

// textsIn are the licences and notices in a folder and below it, as parts of a part may
// be under others.
func textsIn(dir string) (texts []string, err error) {
	if dir == "" {
		return nil, errors.New("its source is not there")
	}
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); path != dir && (name == "testdata" || name == "node_modules") {
				return fs.SkipDir
			}
			return nil
		}
		name := strings.ToUpper(d.Name())
		named := slices.ContainsFunc([]string{"LICENSE", "LICENCE", "COPYING", "NOTICE"}, func(w string) bool { return strings.HasPrefix(name, w) })
		if !named || slices.Contains([]string{".GO", ".JS", ".PY", ".TS"}, filepath.Ext(name)) {
			return nil
		}
		text, err := os.ReadFile(path)
		if err == nil && !slices.Contains(texts, string(text)) {
			texts = append(texts, string(text))
		}
		return err
	})
	return texts, err
}

// licenceOf is the SPDX expression of licence texts; empty where none is known.
func licenceOf(texts ...string) string {
	var found []string
	for _, text := range texts {
		plain := strings.ToLower(strings.Join(strings.Fields(text), " "))
		for _, l := range []struct{ id, says, without string }{
			{"Apache-2.0", "apache license version 2.0", ""},
			{"MPL-2.0", "mozilla public license version 2.0", ""},
			{"MPL-2.0", "mozilla public license, version 2.0", ""},
			{"MIT", "permission is hereby granted, free of charge", ""},
			{"ISC", "permission to use, copy, modify, and/or distribute", ""},
			{"ISC", "permission to use, copy, modify, and distribute", ""},
			{"BSD-2-Clause", "redistribution and use in source and binary forms", "neither the name"},
			{"BSD-3-Clause", "neither the name", ""},
			{"Unlicense", "this is free and unencumbered software", ""},
			{"blessing", "the author disclaims copyright to this source code", ""},
		} {
			if strings.Contains(plain, l.says) && (l.without == "" || !strings.Contains(plain, l.without)) && !slices.Contains(found, l.id) {
				found = append(found, l.id)
			}
		}
	}
	slices.Sort(found)
	return strings.Join(found, " AND ")
}

func cycloneDX(version, date string, parts []part) ([]byte, error) {
	type object = map[string]any
	components := []object{}
	for _, p := range parts {
		components = append(components, object{
			"type": p.kind, "name": p.name, "version": p.version, "purl": p.purl, "bom-ref": p.purl,
			"licenses": []object{{"expression": p.licence}},
		})
	}
	// The number follows from what is named, so that equal builds have an equal file.
	named := sha256.Sum256(fmt.Append(nil, version, date, parts))
	named[6], named[8] = named[6]&0x0f|0x80, named[8]&0x3f|0x80 // RFC 9562, version 8
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(object{
		"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
		"serialNumber": fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", named[:4], named[4:6], named[6:8], named[8:10], named[10:16]),
		"metadata":     object{"timestamp": date, "component": object{"type": "application", "name": "callin", "version": version, "bom-ref": "callin"}},
		"components":   components,
	})
	return out.Bytes(), err
}

func texts(version string, parts []part) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "Callin %s contains these parts that others made, and their licences ask to be told.\n", version)
	for _, p := range parts {
		fmt.Fprintf(&out, "\n%s\n%s %s: %s\n%[1]s\n\n", strings.Repeat("=", 80), p.name, p.version, p.licence)
		for _, text := range p.texts {
			out.WriteString(strings.TrimSpace(strings.ReplaceAll(text, "\r", "")) + "\n\n")
		}
	}
	return out.Bytes()
}
