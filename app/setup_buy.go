package app

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"callin/app/desk"
)

// buys reports whether a person wants to buy a number. A script does not: nobody would
// have seen the price.
func (z *wizard) buys(said string) bool { return !z.yes && strings.EqualFold(said, "buy") }

// buy looks for numbers and buys the one that is chosen, after a yes to its price. A person
// who leaves it comes back to the step.
func (z *wizard) buy(ctx context.Context, st desk.SetupState, dialIn bool) (desk.SetupState, error) {
	country, err := z.ask(ctx, "", "Of which country (such as US, CA or GB): ")
	if err != nil {
		return st, err
	}
	digits, err := z.may(ctx, "", "Digits that it is to have, such as an area code (nothing for any): ")
	if err != nil {
		return st, err
	}
	found, err := z.Offers(ctx, desk.SetupOffersBody{Country: country, Contains: digits})
	if err != nil {
		return st, err
	}
	if len(found.Offers) == 0 {
		fmt.Fprintln(z.out, "▲ Twilio has no such number now. Try fewer digits, or another country.")
		return st, nil
	}
	for i, o := range found.Offers {
		price := "Twilio does not tell its price: it is not sold here"
		if o.Price != "" {
			price = fmt.Sprintf("%s %s a month", o.Price, o.Currency)
		}
		fmt.Fprintf(z.out, "%4d  %s  %s  %s\n", i+1, o.Number, o.Place, price)
	}
	said, err := z.may(ctx, "", fmt.Sprintf("Which one (1 to %d; nothing for none): ", len(found.Offers)))
	if err != nil {
		return st, err
	}
	at, err := strconv.Atoi(said)
	if err != nil || at < 1 || at > len(found.Offers) || found.Offers[at-1].Price == "" {
		fmt.Fprintln(z.out, "Nothing was bought.")
		return st, nil
	}
	o := found.Offers[at-1]
	credit := ""
	if st.Account != nil && st.Account.Trial {
		credit = " This is a trial account: its credit pays."
	}
	if !z.says(ctx, fmt.Sprintf("Buy %s? Twilio takes %s %s from the account now and each month until you give the number back.%s Type yes or no: ", o.Number, o.Price, o.Currency, credit)) {
		fmt.Fprintln(z.out, "Nothing was bought.")
		return st, nil
	}
	st, err = z.Buy(ctx, desk.SetupBuyBody{Number: o.Number, Price: o.Price, DialIn: dialIn})
	if err == nil {
		fmt.Fprintf(z.out, "%s was bought.\n", o.Number)
	}
	return st, err
}
