package desk

import "callin/app/call"

// sound takes in what a page finds wrong with the sound of its phone.
func (r *Room) sound(b SoundBody) error {
	switch b.Trouble {
	case "", call.SoundUnplugged, call.SoundDead, call.SoundNotSent, call.SoundSilent:
		r.Studio.SoundIs(b.Call, b.Trouble)
		return nil
	}
	return bad("trouble", "Callin does not know this trouble. Reload the page.")
}
