package doctor

// ofPages are the findings that only an open page can make; it puts its own in their
// place.
func (v *visit) ofPages() []Finding {
	if v.Quick {
		return nil
	}
	const do = "Open the desk on this PC and press Doctor there."
	var all []Finding
	for _, of := range []struct{ id, what string }{
		{"microphone", "Only an open page of the desk knows the microphone."},
		{"output", "Only an open page of the desk knows the sound output."},
		{"sound", "Only an open page of the desk knows whether sound gets through to Twilio (WebRTC over UDP)."},
		{"signalling", "Only an open page of the desk knows how far Twilio's signalling is."},
	} {
		f := unlooked(of.what, do)
		f.ID = of.id
		all = append(all, f)
	}
	return all
}
