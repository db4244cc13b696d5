package doctor

import "callin/app/desk"

// ofPages are the findings that only an open page can make; it puts its own in their
// place.
func (v *visit) ofPages() []Finding {
	if v.Quick {
		return nil
	}
	const do = "Open the desk on this PC and press Doctor there."
	var all []Finding
	for _, of := range []struct {
		line desk.PageLine
		what string
	}{
		{desk.Microphone, "Only an open page of the desk knows the microphone."},
		{desk.Output, "Only an open page of the desk knows the sound output."},
		{desk.Sound, "Only an open page of the desk knows whether sound gets through to Twilio (WebRTC over UDP)."},
		{desk.Signalling, "Only an open page of the desk knows how far Twilio's signalling is."},
	} {
		f := unlooked(of.what, do)
		f.ID = string(of.line)
		all = append(all, f)
	}
	return all
}
