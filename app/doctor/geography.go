package doctor

import (
	"context"
	"fmt"

	"callin/app/call"
)

// country is where the station is, by its listeners' number; empty when that is not known.
func (v *visit) country() string {
	if c := call.Country(v.Wish.Number); c != call.NoCountry {
		return c
	}
	return ""
}

// calling is whether the account may call telephones where the station is: the set-up
// calls the technician's.
func (v *visit) calling(ctx context.Context) Finding {
	if f, not := v.unasked(); not {
		return f
	}
	country := v.country()
	if country == "" {
		return unlooked("The listeners' number is of no country, so it is not known where calls should go.", "")
	}
	may, err := v.Twilio.MayDial(ctx, country)
	switch {
	case err != nil:
		return untold(err)
	case !may:
		return wrong(fmt.Sprintf("The account may not call telephones of %s.", country), "Allow it in Twilio's console under Voice, Geo permissions.")
	}
	return fine(fmt.Sprintf("The account may call telephones of %s.", country))
}

// texting is whether the account may text those whom the station texts.
func (v *visit) texting(ctx context.Context) Finding {
	if f, not := v.unasked(); not {
		return f
	}
	if !v.Wish.Texts {
		return fine("This station sends no texts.")
	}
	countries := v.Texts
	if c := v.country(); len(countries) == 0 && c != "" {
		countries = []string{c}
	}
	var barred []string
	for _, country := range countries {
		may, err := v.Twilio.MayText(ctx, country)
		if err != nil {
			return untold(err)
		}
		if !may {
			barred = append(barred, country)
		}
	}
	switch {
	case len(countries) == 0:
		return unlooked("The listeners' number is of no country, so it is not known where texts should go.", "Set text_countries.")
	case len(barred) > 0:
		return wrong(fmt.Sprintf("The account may not text numbers of %s.", list(barred)), "Allow it in Twilio's console under Messaging, Geo permissions, or set other text_countries.")
	}
	return fine(fmt.Sprintf("The account may text numbers of %s.", list(countries)))
}
