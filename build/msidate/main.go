// Command msidate writes into an MSI when it was made, in place of the time at which wixl ran:
//
//	msidate FILE SECONDS
package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strconv"
)

// summary begins what an MSI says of itself: the identifier of a summary's properties.
var summary = []byte{0xe0, 0x85, 0x9f, 0xf2, 0xf9, 0x4f, 0x68, 0x10, 0xab, 0x91, 0x08, 0x00, 0x2b, 0x27, 0xb3, 0xd9}

const (
	created, saved = 12, 13        // properties
	fileTime       = 64            // their type
	until1970      = 11644473600   // seconds from 1601, where a file's time begins
	ticks          = 10 * 1000_000 // of a file's time, in a second
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: msidate FILE SECONDS")
		os.Exit(2)
	}
	if err := date(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "msidate:", err)
		os.Exit(1)
	}
}

func date(path, seconds string) error {
	since, err := strconv.ParseUint(seconds, 10, 40)
	if err != nil {
		return err
	}
	msi, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := dated(msi, (since+until1970)*ticks); err != nil {
		return err
	}
	return os.WriteFile(path, msi, 0o644)
}

var errStrange = errors.New("the summary of this MSI is not as wixl writes it")

// dated sets both times of an MSI's summary. The summary is small, so that it lies in the file in one piece.
func dated(msi []byte, now uint64) error {
	const before = 28 // bytes of the summary that come before the identifier
	at := bytes.Index(msi, summary)
	if at < before || len(msi) < at+4096 {
		return errStrange
	}
	number := func(at uint32) uint32 { return binary.LittleEndian.Uint32(msi[at:]) }
	section := uint32(at) - before + number(uint32(at)+uint32(len(summary)))
	set := 0
	for i := range min(number(section+4), 32) {
		property := section + 8 + 8*i
		if id := number(property); id != created && id != saved {
			continue
		}
		value := section + number(property+4)
		if number(value) != fileTime {
			return errStrange
		}
		binary.LittleEndian.PutUint64(msi[value+4:], now)
		set++
	}
	if set != 2 {
		return errStrange
	}
	return nil
}
