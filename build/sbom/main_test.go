package main

import "testing"

func TestLicencesAreKnownByTheirWords(t *testing.T) {
	const bsd = "Redistribution and use in source and\nbinary forms, with or without modification"
	for _, c := range []struct{ text, is string }{
		{"The MIT License\n\nPermission is hereby granted,  free of charge, to", "MIT"},
		{bsd, "BSD-2-Clause"},
		{bsd + "\n* Neither the name of", "BSD-3-Clause"},
		{"Apache License\n   Version 2.0, January 2004\nand " + bsd, "Apache-2.0 AND BSD-2-Clause"},
		{"Ask me first.", ""},
	} {
		if is := licenceOf(c.text); is != c.is {
			t.Errorf("%q is %q, not %q", c.text, is, c.is)
		}
	}
}
