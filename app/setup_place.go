package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"callin/app/desk"
)

// place says how far Twilio's edges are, and takes another one if somebody says so.
func (z *wizard) place(ctx context.Context, st desk.SetupState) (desk.SetupState, error) {
	to := desk.SetupPlaceBody{Edge: cmp.Or(z.given["edge"], st.Place.Edge), Region: cmp.Or(z.given["region"], st.Place.Region), Token: z.given["region-token"]}
	if z.given["edge"]+z.given["region"] == "" {
		found, err := z.Edges(ctx)
		if err != nil || z.yes {
			return st, err
		}
		fmt.Fprintf(z.out, "\nTwilio is used %s.\nFrom this computer, there and back:\n", st.Place.Said)
		for _, e := range found.Edges {
			took := "not reached"
			if e.Reached {
				took = fmt.Sprintf("%d ms", e.TookMs)
			}
			fmt.Fprintf(z.out, "  %-10s %-20s %s\n", e.Edge, e.City, took)
		}
		if found.Nearest == "" || slices.Contains(st.Fixed, "edge") || !z.agrees(ctx, fmt.Sprintf("The edge %s is nearer. Use it? Type yes or no: ", found.Nearest)) {
			return st, nil
		}
		to.Edge = found.Nearest
	}
	return z.Place(ctx, to)
}
